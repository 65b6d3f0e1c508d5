"""What loops of `empreinte.kernels.loops` do, done on whole arrays: for graphs that are small.

A step takes several times as long as in a loop, but neither numba nor a compiler is waited for.
Dice are thrown by place, so that both give the same; which of them is asked is decided in the
kernel that calls them, by how much there is to do.
"""
