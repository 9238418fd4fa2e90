"""The leak test: known values are planted, the real command runs, and all that it wrote is searched.

    values    what is planted: for each entity, values that are valid and invented
    shapes    a text by chance that a regular expression matches
    sample    records of the user's own, and the places in them
    plants    where and how a value stands: key or text, encoding, nesting, place in the stream
    demand    what a policy promises of a value
    residue   what is left of a value in what was written
    trial     one run of the command
    outcome   what held and what did not, as a table and as JSON
    verifying the test of manifests, and of rates that drift

It is a black box's test: the command runs as a process of its own, with the user's options, and nothing of
the engine that it tests decides whether a value is found. What the engine says of itself serves only to know
what was promised.

A test that cannot fail proves nothing. So before each run the same search is made on what is planted, and
every single value has to be found in it.
"""
