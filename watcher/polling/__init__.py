"""pure: what is remembered of a feed, and what it answers -> what is asked, what is new, what is remembered then.

    request.py    a state                    -> where it is asked, with which validators
    sameness.py   its entries, those known   -> which are known, and by what they are told apart
    honest.py     its answer                 -> whether "not modified" is believed of its server
    complete.py   the last document, this    -> whether something between them may have been missed
    outcome.py    all that, now              -> the state after the poll

A poll goes through them in this order; jobs/poll.py does what lies between: fetch, parse, look up, match, save.
"""
