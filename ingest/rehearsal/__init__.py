"""A source of our own: an election counted over simulated time, served in the contract of the real source.

Here: the mesas (drawn, or read from a file or a timeline), when each arrives, what is published at a cut, and the
server. What is asked and how it is answered differs by generation: `onpe2021` and `onpe2026` own a contract each, one
line of `generations` names them. `faults` makes the source unwell.
"""
