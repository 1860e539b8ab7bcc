"""Other ways to find the rules that may be true of an article: `_rivals.py LAW NUMBER` prints JSON.

Each does the same job: which rules match which articles, by what words, denied or not. So each finds candidates in its
own way, and our evaluator decides about them. Each is given its best form:

    naive loop      every rule is asked
    ahocorasick_rs  one automaton over the words of each rule's rarest requirement, over the text in small letters; a
                    word has to begin where a word of the text begins
    SQLite FTS5     a batch of articles in an index in memory without positions, English stemmed; what each rule
                    requires is a query, all of them in a table and asked by one statement
    tantivy         the same: an index in memory, English stemmed, what each rule requires as a query made before

A batch is AT_ONCE articles, a whole feed at its first poll: no poll brings more at once. What a way's own analysis does
not find is counted ("lost"). Rules that no word is required by (a regular expression alone) are asked always.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from functools import partial
from importlib import import_module
from typing import Any, Protocol, cast

from tests.bench._matching import ENDLESS, Article, asked_once, built, cost, trees, warmed
from tests.bench._report import spent
from tests.bench.polling import peers
from tests.rulegen import Law, articles
from watcher.match import match
from watcher.rules.compile import CompiledRule
from watcher.rules.ruleset import Ruleset
from watcher.text.document import Document

AT_ONCE = 35
FEW = 5
"""Articles that are enough to time every rule asked."""


class Asked(Protocol):
    """What `match` asks for the candidates."""

    def candidates(self, document: Document) -> list[CompiledRule]: ...


Way = Callable[[Sequence[Article]], Iterable[Asked]]
"""What is to be asked about each article of a batch."""


def wanted(compiled: CompiledRule) -> list[list[str]]:
    """Sets of words of which each must have one in the text, rarest first; a beginning ends in *."""
    return [sorted(terms) for terms in compiled.required if not any(":" in term for term in terms)]


class Given:
    """Candidates that are known."""

    def __init__(self, found: list[CompiledRule]) -> None:
        self._found = found

    def candidates(self, document: Document) -> list[CompiledRule]:
        return self._found


def ours(live: Ruleset) -> Way:
    return lambda batch: [live for _ in batch]


def naive(live: Ruleset) -> Way:
    every = Given(list(live.rules))
    return lambda batch: [every for _ in batch]


def ahocorasick(live: Ruleset) -> Way:
    library: Any = import_module("ahocorasick_rs")
    every, filed, always = live.rules, dict[str, list[int]](), list[int]()
    for n, compiled in enumerate(every):
        sets = wanted(compiled)
        always += [] if sets else [n]
        for word in {term.rstrip("*").lower() for term in sets[0]} if sets else ():
            filed.setdefault(word, []).append(n)
    numbers = list(filed.values())
    automaton = library.AhoCorasick(list(filed), implementation=library.Implementation.ContiguousNFA)

    def candidates(article: Article) -> Given:
        text = f" {article[0].title}\n{article[0].text}\n{article[0].summary}".lower()
        found = {
            word
            for word, start, _ in automaton.find_matches_as_indexes(text, overlapping=True)
            if not text[start - 1].isalnum()
        }
        return Given([every[n] for n in sorted(set(always).union(*(numbers[word] for word in found)))])

    return lambda batch: [candidates(article) for article in batch]


def fts5(live: Ruleset) -> Way:
    every, database = live.rules, sqlite3.connect(":memory:", isolation_level=None)
    database.execute(
        "CREATE VIRTUAL TABLE batch USING fts5(said, content='', detail='none', columnsize=0,"
        " tokenize='porter unicode61 remove_diacritics 2')"
    )
    database.execute("CREATE TABLE queries (rule INTEGER PRIMARY KEY, text TEXT)")
    sets = [(n, wanted(compiled)) for n, compiled in enumerate(every)]
    always = [n for n, words in sets if not words]
    asked = ((n, " AND ".join(f"({' OR '.join(map(_quoted, some))})" for some in words)) for n, words in sets if words)
    database.executemany("INSERT INTO queries VALUES (?, ?)", asked)

    def way(batch: Sequence[Article]) -> list[Given]:
        database.execute("INSERT INTO batch (batch) VALUES ('delete-all')")
        texts = ((n, f"{item.title}\n{item.text}\n{item.summary}") for n, (item, _) in enumerate(batch))
        database.executemany("INSERT INTO batch (rowid, said) VALUES (?, ?)", texts)
        found = [list(always) for _ in batch]
        joined = "SELECT queries.rule, batch.rowid FROM queries CROSS JOIN batch ON batch MATCH queries.text"
        with closing(database.execute(joined)) as rows:
            for rule, article in rows:
                found[article].append(rule)
        return [Given([every[n] for n in sorted(numbers)]) for numbers in found]

    return way


def _quoted(term: str) -> str:
    return f'"{term[:-1]}"*' if term.endswith("*") else f'"{term}"'


def tantivy(live: Ruleset) -> Way:
    library: Any = import_module("tantivy")
    every = live.rules
    schema = library.SchemaBuilder().add_text_field("said", tokenizer_name="en_stem", index_option="basic").build()
    index = library.Index(schema)
    writer = index.writer(heap_size=50_000_000, num_threads=1)
    stemmer = library.Filter.stemmer("english")
    lower = library.TextAnalyzerBuilder(library.Tokenizer.simple()).filter(library.Filter.lowercase())
    analyse = lower.filter(stemmer).build().analyze

    def one(term: str) -> Any:
        if term.endswith("*"):
            return library.Query.regex_query(schema, "said", f"{term[:-1].lower()}.*")
        words = [library.Query.term_query(schema, "said", word, "basic") for word in analyse(term)]
        return words[0] if len(words) == 1 else both(library.Occur.Must, words)

    def both(how: Any, parts: Sequence[Any]) -> Any:
        return parts[0] if len(parts) == 1 else library.Query.boolean_query([(how, part) for part in parts])

    either = library.Occur.Should
    sets = [(n, wanted(compiled)) for n, compiled in enumerate(every)]
    always = [n for n, words in sets if not words]
    asked = [(n, both(library.Occur.Must, [both(either, [one(t) for t in s]) for s in w])) for n, w in sets if w]

    def way(batch: Sequence[Article]) -> list[Given]:
        writer.delete_all_documents()
        for item, _ in batch:
            writer.add_document(library.Document(said=f"{item.title}\n{item.text}\n{item.summary}"))
        writer.commit()
        index.reload()
        searcher = index.searcher()
        found = [list(always) for _ in batch]
        for n, question in asked:
            for _, address in searcher.search(question, limit=len(batch), count=False).hits:
                found[address.doc].append(n)  # the only segment, in the order of the batch
        return [Given([every[n] for n in sorted(numbers)]) for numbers in found]

    return way


WAYS: dict[str, Callable[[Ruleset], Way]] = {
    "watcher": ours,
    "naive loop": naive,
    "ahocorasick_rs": ahocorasick,
    "SQLite FTS5": fts5,
    "tantivy": tantivy,
}


def told(way: Way, batch: Sequence[Article]) -> Iterator[tuple[str, str]]:
    """The hits: item and rule."""
    for (item, feed), found in zip(batch, way(batch), strict=True):
        for one in match(cast("Ruleset", found), item, feed, 1).matches:
            yield one.item, one.rule


def measured(law: Law, number: int) -> dict[str, dict[str, float]]:
    """Of each way: f an article in all and to find candidates, seconds to prepare, candidates, hits, lost ones."""
    sys.path += [str(path) for path in peers().parent.parent.glob("lib/*/site-packages")]
    live = built(trees(number, law), warmed(number, law))
    asked_once(live)
    same = list(articles(AT_ONCE, number, law, seed=3))
    expected = set(told(ours(live), same))
    stream = articles(ENDLESS, number, law)
    found = {}
    for name, make in WAYS.items():
        way, prepared = spent(partial(make, live))
        hits = set(told(way, same))
        if not hits <= expected:
            sys.exit(f"{name} finds what we do not: {list(hits - expected)[:5]}")
        found[name] = {
            "cost": cost(stream, partial(_all_told, way), FEW if make is naive else AT_ONCE),
            "finding": cost(stream, partial(_all_found, way), FEW if make is naive else AT_ONCE),
            "prepared": prepared,
            "asked": sum(found_by(way, same)) / AT_ONCE,
            "hits": len(hits) / AT_ONCE,
            "lost": len(expected - hits),
        }
    return found


def found_by(way: Way, batch: Sequence[Article]) -> Iterator[int]:
    """How many candidates each article has."""
    for article, asked in zip(batch, way(batch), strict=True):
        yield len(asked.candidates(Document(*article)))


def _all_found(way: Way, batch: Sequence[Article]) -> None:
    sum(found_by(way, batch))


def _all_told(way: Way, batch: Sequence[Article]) -> None:
    for _ in told(way, batch):
        pass


if __name__ == "__main__":
    law, number = sys.argv[1:]
    print(json.dumps(measured("growing" if law == "growing" else "held", int(number))))
