"""Sixty-four coins at once, one a byte.

The coin of an edge in a world (one run of a simulation) is a number in [0, 1) that depends on the
world and the edge alone, so that a world is the same whoever starts in it and in whatever order it
is walked: runs with other seeds are compared in the same worlds, and threads change nothing.

The first byte of a coin is cheap: eight of them are the eight bytes of one mixed word, and
``mixed`` of eight words is one sequence of vector instructions. An edge with the probability p is
live if its coin is below p, and its first byte tells but once in 256 times; then more bits are
drawn.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

# Called without the typing context, which no checker of types knows.
_intrinsic: Any = intrinsic

LANES = 64
CHOICES = 16
_GOLDEN = 0x9E3779B97F4A7C15
_A = 0xBF58476D1CE4E5B9
_B = 0x94D049BB133111EB
_WORDS = ir.VectorType(ir.IntType(64), 8)
_BYTES = ir.VectorType(ir.IntType(8), LANES)


def _splat(kind: ir.VectorType, value: int) -> ir.Constant:
    return ir.Constant(kind, [value] * kind.count)


def _every(builder, kind: ir.VectorType, value):
    """Put one value in every lane."""
    first = builder.insert_element(ir.Constant(kind, ir.Undefined), value, ir.IntType(32)(0))
    zeros = ir.Constant(ir.VectorType(ir.IntType(32), kind.count), [0] * kind.count)
    return builder.shuffle_vector(first, first, zeros)


def _mixed(builder, z):
    """Do what `dice.mixed` does in every lane."""
    z = builder.mul(builder.xor(z, builder.lshr(z, _splat(z.type, 30))), _splat(z.type, _A))
    z = builder.mul(builder.xor(z, builder.lshr(z, _splat(z.type, 27))), _splat(z.type, _B))
    return builder.xor(z, builder.lshr(z, _splat(z.type, 31)))


def _drawn(builder, state):
    """Mix eight words, those of `state` and the seven that follow, into 64 bytes."""
    steps = ir.Constant(_WORDS, [i * _GOLDEN % 2**64 for i in range(8)])
    words = _mixed(builder, builder.add(_every(builder, _WORDS, state), steps))
    return builder.bitcast(words, _BYTES)


def _masks(context, builder, drawn, bounds):
    """Give two words of a bit a lane: bytes at most the bound, and those that are the bound."""
    word = ir.IntType(64)
    most = builder.bitcast(builder.icmp_unsigned("<=", drawn, bounds), word)
    same = builder.bitcast(builder.icmp_unsigned("==", drawn, bounds), word)
    kind = types.UniTuple(types.uint64, 2)
    return context.make_tuple(builder, kind, [most, same])


@_intrinsic
def compare(typing, state, bounds, at):
    """Compare 64 first bytes, from the word `state` on, to ``bounds[at : at + 64]`` (uint8)."""

    def code(context, builder, signature, arguments):
        state, array, at = arguments
        data = context.make_array(signature.args[1])(context, builder, array).data
        place = builder.bitcast(builder.gep(data, [at]), _BYTES.as_pointer())
        return _masks(context, builder, _drawn(builder, state), builder.load(place, align=1))

    result = types.UniTuple(types.uint64, 2)
    return result(types.uint64, bounds, types.intp), code


@_intrinsic
def compare_all(typing, state, bound):
    """Compare 64 first bytes, from the word `state` on, to one bound (uint8)."""

    def code(context, builder, signature, arguments):
        state, bound = arguments
        every = _every(builder, _BYTES, bound)
        return _masks(context, builder, _drawn(builder, state), every)

    result = types.UniTuple(types.uint64, 2)
    return result(types.uint64, types.uint8), code


@_intrinsic
def lowest(typing, word):
    """Give the place of the lowest bit set in a word that is not 0."""

    def code(context, builder, signature, arguments):
        return builder.cttz(arguments[0], ir.IntType(1)(1))

    return types.int64(types.uint64), code


@_intrinsic
def chosen(typing, draws, targets, lows, widths, at):
    """Tell which of the edges `at` to `at` + 15 their targets drew, a bit each.

    A target t draws ``mixed(draws + t * GOLDEN) >> 33``; an edge has the numbers from its low
    (uint32) on, as many as its width (uint32).
    """
    narrow = ir.VectorType(ir.IntType(32), CHOICES)
    wide = ir.VectorType(ir.IntType(64), CHOICES)

    def code(context, builder, signature, arguments):
        def loaded(number: int):
            kind = signature.args[number]
            data = context.make_array(kind)(context, builder, arguments[number]).data
            place = builder.bitcast(builder.gep(data, [arguments[4]]), narrow.as_pointer())
            return builder.load(place, align=4)

        steps = builder.mul(builder.zext(loaded(1), wide), _splat(wide, _GOLDEN))
        drawn = _mixed(builder, builder.add(steps, _every(builder, wide, arguments[0])))
        number = builder.trunc(builder.lshr(drawn, _splat(wide, 33)), narrow)
        held = builder.icmp_unsigned("<", builder.sub(number, loaded(2)), loaded(3))
        return builder.zext(builder.bitcast(held, ir.IntType(CHOICES)), ir.IntType(64))

    return types.uint64(types.uint64, targets, lows, widths, types.intp), code
