"""Names of persons, places and organisations in free text: the one layer that needs a model.

    choice      which model judges which language
    engine      texts to spans: shape, segments, memory, model, evidence, in this order
    gate        which strings of a block of lines hold names, before a line is read
    shape       what the model sees of a text: no digits, no ids, no addresses
    segments    lines and sentences
    memory      what was judged before; bounded
    evidence    what stands around a name and speaks for it or against it
    nobody      what is called after persons and is none
    remedies    drugs, signs, instruments and cars that are taken for persons
    glued       persons in names of files and devices, which are no language
    labels      what other models call persons, places and organisations
    network     the embedded model: numpy and nothing else
    pipeline    the same as a spaCy pipeline, for whoever wants one
    foreign     pipelines of spaCy's and engines of Presidio's, for whoever brings one

Nothing is fetched, and nothing is written. The embedded model lies in the package; any other is read by the
library that it belongs to.
"""
