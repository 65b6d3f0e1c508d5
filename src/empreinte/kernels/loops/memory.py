"""Asking for memory before it is needed: random reads of large arrays wait for it, not for sums."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

# Called without the typing context, which no checker of types knows.
_intrinsic: Any = intrinsic


@_intrinsic
def prefetch(typing, array, index):
    """Fetch the line of ``array[index]`` into the cache; any index is harmless."""

    def code(context, builder, signature, arguments):
        array_type = signature.args[0]
        data = context.make_array(array_type)(context, builder, arguments[0]).data
        place = builder.gep(data, [arguments[1]])
        byte = builder.bitcast(place, cgutils.voidptr_t)
        number = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [cgutils.voidptr_t, number, number, number])
        call = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        # To be read, kept in every level of cache, as data.
        builder.call(call, [byte, number(0), number(3), number(1)])
        return context.get_dummy_value()

    return types.void(array, types.intp), code
