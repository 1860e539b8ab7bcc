"""edge: the pipeline: each job reads at an edge, decides purely, and saves in one transaction.

    poll      feed        | fetch | unseen | parse | recognise | match | story | save_poll
    fulltext  page        | fetch | parse | normalise | match | story | save_page
    alert     channel,now | open_dispatches | windows | past | decide | save_alerts
    deliver   alert       | render | send | save_delivery
    announce, absences, audit, still_watching: what people are told of the watcher and its feeds (decide.py, mind.py)
    refile                | refile          (the index, when the keys of words have changed)
    prune                 | prune           (items that are older than what is kept)
    learn                 | search | count | save_frequencies  (what is common, by which rules are filed)

A job takes ids, keeps nothing in memory that matters and may run twice. Who calls them, and when, is run's.
"""

from watcher.jobs.decide import Deciding
from watcher.jobs.deliver import Delivering
from watcher.jobs.fulltext import FullText
from watcher.jobs.ground import LEASE, Live, Log, Meter, OnThread, Outlet, surprise
from watcher.jobs.keep import Keeping
from watcher.jobs.mind import Minder
from watcher.jobs.poll import Polling

__all__ = ["LEASE", "Jobs", "Live", "Log", "Meter", "Minder", "OnThread", "Outlet", "surprise"]


class Jobs(Polling, FullText, Deciding, Delivering, Keeping):
    """The jobs over one set of ports."""
