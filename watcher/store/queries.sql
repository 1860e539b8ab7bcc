-- The named queries, in the order of ports.Store. Times are microseconds since 1970 UTC.
-- Lists come as one JSON array, so that each query is one prepared statement.

-- name: config_of_feed
SELECT config FROM feeds WHERE id = :id

-- name: all_feeds
SELECT * FROM feeds

-- name: add_feed
INSERT INTO feeds (id, wanted, config, lane, added_at, next_at) VALUES (:id, 1, :config, :lane, :due, :due)

-- name: change_feed
UPDATE feeds SET wanted = 1, config = :config, lane = :lane, next_at = :next_at WHERE id = :id

-- name: change_lane
UPDATE feeds SET lane = :lane WHERE id = :id

-- name: due_at_once
UPDATE feeds SET next_at = polled_at WHERE id = :id

-- name: forget_validators
UPDATE feeds SET etag = NULL, last_modified = NULL, body_hash = NULL, failures = 0, error = NULL,
  moved_to = NULL, moved_polls = 0, found_at = NULL, trouble = NULL, status = NULL, strain = 0, failing_since = NULL,
  habits = CASE WHEN json_valid(habits)
    THEN json_remove(habits, '$.unaudited', '$.audits', '$.lies', '$.distrusted_at') ELSE '{}' END
WHERE id = :id

-- name: tombstone_feeds
UPDATE feeds SET wanted = 0, lease_until = NULL
WHERE wanted AND id NOT IN (SELECT value FROM json_each(:ids))

-- name: wanted_feeds
SELECT * FROM feeds WHERE wanted ORDER BY id

-- name: due_feeds
-- the limit stands inside: all that is due would be sorted else; min() makes the bare pk that of the row it came from
SELECT * FROM feeds WHERE pk IN (
  SELECT pk FROM (
    SELECT pk, min(next_at) FROM (
      SELECT pk, next_at, lane FROM feeds
      WHERE wanted AND next_at <= :now AND (lease_until IS NULL OR lease_until <= :now)
        AND (paused_until IS NULL OR paused_until <= :now)
        AND lane NOT IN (SELECT lane FROM feeds WHERE lease_until > :now)
      ORDER BY next_at LIMIT :limit
    ) GROUP BY lane
  )
) ORDER BY next_at, pk

-- name: spread_overdue
-- folders are left out: they ask nobody's leave
UPDATE feeds SET next_at = :now + overdue.place * min(:each, :most / overdue.feeds) FROM (
  SELECT pk, row_number() OVER (ORDER BY next_at, pk) - 1 AS place, count(*) OVER () AS feeds FROM feeds
  WHERE wanted AND next_at <= :now AND (lease_until IS NULL OR lease_until <= :now)
    AND (paused_until IS NULL OR paused_until <= :now) AND lane NOT LIKE 'file:%'
) AS overdue WHERE overdue.pk = feeds.pk

-- name: lease_feeds
UPDATE feeds SET lease_until = :lease_until WHERE pk IN (SELECT value FROM json_each(:pks))

-- name: next_due
-- an alert that waits for an earlier one of its group is due when that one is settled
SELECT min(at) FROM (
  SELECT min(max(next_at, coalesce(paused_until, next_at))) AS at FROM feeds WHERE wanted AND lease_until IS NULL
  UNION ALL
  SELECT min(max(a.next_at, coalesce(c.rest_until, a.next_at)))
  FROM alerts AS a LEFT JOIN channels AS c ON c.name = a.channel
  WHERE a.state = 'pending' AND a.lease_until IS NULL AND NOT EXISTS (
    SELECT 1 FROM alerts AS b WHERE b.state = 'pending' AND b.channel = a.channel AND b.grp = a.grp AND b.pk < a.pk
  )
)

-- name: known
SELECT seen.key, seen.item, seen.fingerprint, seen.revision, coalesce(
  r.story, (SELECT story FROM forgotten WHERE item = seen.item ORDER BY number DESC LIMIT 1)
) AS story
FROM seen LEFT JOIN items AS i ON i.id = seen.item LEFT JOIN revisions AS r ON r.item = i.pk AND r.number = seen.revision
WHERE seen.feed = (SELECT pk FROM feeds WHERE id = :feed) AND seen.key IN (SELECT value FROM json_each(:keys))

-- name: known_content
SELECT key, item, fingerprint, revision FROM seen
WHERE feed = (SELECT pk FROM feeds WHERE id = :feed) AND fingerprint IN (SELECT value FROM json_each(:fingerprints))
UNION ALL
SELECT s.key, s.item, r.fingerprint, r.number
FROM seen AS s JOIN items AS i ON i.id = s.item JOIN revisions AS r ON r.item = i.pk AND r.number < s.revision
WHERE s.feed = (SELECT pk FROM feeds WHERE id = :feed) AND s.revision > 1
  AND r.fingerprint IN (SELECT value FROM json_each(:fingerprints))

-- name: learned
SELECT version, pages, blocks FROM learned WHERE feed = (SELECT pk FROM feeds WHERE id = :feed)

-- name: keep_learned
INSERT INTO learned (feed, version, pages, blocks)
VALUES ((SELECT pk FROM feeds WHERE id = :feed), :version, :pages, :blocks)
ON CONFLICT (feed) DO UPDATE SET version = excluded.version, pages = excluded.pages, blocks = excluded.blocks

-- name: save_feed
UPDATE feeds SET
  etag = :etag, last_modified = :last_modified, body_hash = :body_hash, entry_hashes = :entry_hashes,
  baselined = :baselined, polls = :polls, failures = :failures, error = :error, next_at = :next_at,
  polled_at = :polled_at, good_at = :good_at, new_at = :new_at, ttl = :ttl, moved_to = :moved_to, moved_polls = :moved_polls,
  found_at = :found_at, trouble = :trouble, status = :status, strain = :strain, failing_since = :failing_since,
  condition = :condition, condition_at = :condition_at, habits = :habits, lease_until = NULL
WHERE id = :id

-- name: want_page
-- what is wanted anew begins anew, also while an earlier try is under way, which then counts for nothing
INSERT INTO pages (item, feed, url, lane, wanted_at, tries, next_at, error)
VALUES (:item, (SELECT pk FROM feeds WHERE id = :feed), :url, :lane, :wanted_at, :tries, :next_at, :error)
ON CONFLICT (item) DO UPDATE SET url = excluded.url, lane = excluded.lane, wanted_at = excluded.wanted_at,
  tries = excluded.tries, next_at = excluded.next_at, error = excluded.error
WHERE excluded.wanted_at > pages.wanted_at

-- name: due_pages
-- as in due_feeds
SELECT p.*, f.config FROM pages AS p JOIN feeds AS f ON f.pk = p.feed WHERE p.rowid IN (
  SELECT rowid FROM (
    SELECT rowid, min(next_at) FROM (
      SELECT d.rowid, d.next_at, d.lane FROM pages AS d JOIN feeds AS o ON o.pk = d.feed
      WHERE d.next_at <= :now AND (d.lease_until IS NULL OR d.lease_until <= :now)
        AND o.wanted AND (o.paused_until IS NULL OR o.paused_until <= :now)
        AND d.lane NOT IN (SELECT lane FROM pages WHERE lease_until > :now)
      ORDER BY d.next_at LIMIT :limit
    ) GROUP BY lane
  )
) ORDER BY p.next_at, p.rowid

-- name: lease_pages
UPDATE pages SET lease_until = :lease_until WHERE item IN (SELECT value FROM json_each(:items))

-- name: save_page
UPDATE pages SET tries = :tries, next_at = :next_at, error = :error, lease_until = NULL
WHERE item = :item AND wanted_at = :wanted_at

-- name: release_page
UPDATE pages SET lease_until = NULL WHERE item = :item

-- name: rest_pages
UPDATE pages SET next_at = :until WHERE next_at < :until AND lane = :lane

-- name: drop_pages
DELETE FROM pages WHERE next_at IS NOT NULL AND EXISTS (
  SELECT 1 FROM feeds WHERE pk = pages.feed AND (
    NOT wanted OR CASE WHEN json_valid(config) THEN coalesce(json_extract(config, '$.full_text'), 0) ELSE 0 END = 0
  )
)

-- name: paging
SELECT count(p.next_at) AS wanted, count(p.item) - count(p.next_at) AS given_up, (
  SELECT error FROM pages WHERE feed = f.pk AND error IS NOT NULL ORDER BY wanted_at DESC LIMIT 1
) AS error
FROM feeds AS f LEFT JOIN pages AS p ON p.feed = f.pk AND (p.next_at IS NOT NULL OR p.error IS NOT NULL)
WHERE f.id = :feed

-- name: release_pages
UPDATE pages SET lease_until = NULL WHERE lease_until IS NOT NULL

-- name: hurry_pages
-- none waits for two days by itself
UPDATE pages SET next_at = :now WHERE next_at > :now AND (wanted_at > :now OR next_at > :now + 172800000000)

-- name: rest_lane
UPDATE feeds SET next_at = :until
WHERE wanted AND next_at < :until AND lane = (SELECT lane FROM feeds WHERE id = :id)

-- name: pause_feed
UPDATE feeds SET paused_at = :since, paused_until = :until, paused_by = :by, paused_why = :why WHERE id = :id

-- name: resume_feed
UPDATE feeds SET paused_at = NULL, paused_until = NULL, paused_by = '', paused_why = '',
  next_at = CASE WHEN paused_at IS NULL THEN next_at ELSE min(next_at, :now) END
WHERE id = :id

-- name: reopen_feeds
UPDATE feeds SET next_at = min(next_at, :now) WHERE id IN (SELECT value FROM json_each(:ids))

-- name: changed_conditions
SELECT * FROM feeds WHERE wanted AND condition <> told ORDER BY condition_at, id

-- name: tell_condition
UPDATE feeds SET told = :told, told_since = CASE
  WHEN :told IN ('failing', 'blocked', 'gone') THEN coalesce(failing_since, condition_at)
  WHEN :told IN ('silent', 'quiet') THEN coalesce(new_at, added_at)
END
WHERE id = :id

-- name: mark_baseline
UPDATE feeds SET baseline_at = polled_at WHERE id = :id AND baseline_at IS NULL

-- name: add_item
INSERT INTO items (id, feed, key, latest, seen_at)
VALUES (:id, (SELECT pk FROM feeds WHERE id = :feed), :key, :number, :seen_at)
ON CONFLICT (id) DO UPDATE SET latest = max(latest, excluded.latest), seen_at = max(seen_at, excluded.seen_at)

-- name: add_revision
INSERT INTO revisions (
  item, number, seen_at, story, fingerprint, url, canonical, title, title_from_text, text, summary, raw, blocks,
  authors, tags, lang, published, updated, lifted, link, root, hash
) VALUES (
  (SELECT pk FROM items WHERE id = :id), :number, :seen_at, :story, :fingerprint, :url, :canonical, :title,
  :title_from_text, :text, :summary, :raw, :blocks, :authors, :tags, :lang, :published, :updated, :lifted, :link,
  :root, :hash
)
ON CONFLICT (item, number) DO NOTHING

-- name: add_terms
INSERT INTO terms (rowid, keys) VALUES (:pk, :keys)

-- name: revisions_before
SELECT pk, title, text, summary, lifted FROM revisions WHERE pk < :before ORDER BY pk DESC LIMIT :limit

-- name: add_seen
INSERT INTO seen (feed, key, item, fingerprint, revision)
VALUES ((SELECT pk FROM feeds WHERE id = :feed), :key, :id, :fingerprint, :number)
ON CONFLICT (feed, key) DO UPDATE
SET item = excluded.item, fingerprint = excluded.fingerprint, revision = excluded.revision
WHERE excluded.revision > seen.revision

-- name: add_also_known
INSERT INTO seen (feed, key, item, fingerprint, revision)
VALUES ((SELECT pk FROM feeds WHERE id = :feed), :key, :item, :fingerprint, :revision)
ON CONFLICT (feed, key) DO NOTHING

-- name: know_by
UPDATE seen SET fingerprint = :fingerprint
WHERE feed = (SELECT pk FROM feeds WHERE id = :feed) AND key = :key AND revision = :revision

-- name: revision_known
SELECT i.id, r.* FROM items AS i JOIN revisions AS r ON r.item = i.pk AND r.number = :revision WHERE i.id = :item

-- name: mark_revision
UPDATE revisions SET fingerprint = :fingerprint, hash = :hash WHERE pk = :pk

-- name: add_match
-- LEFT JOINs: a match of a revision that is not stored breaks a NOT NULL instead of being skipped in silence
INSERT INTO matches (item, rule, revision, rule_hash, evidence, denial, channelless, matched_at, seen_at, published,
  story, canonical, root, paged)
SELECT :item, :rule, :revision, :rule_hash, :evidence, :denial, :channelless, r.seen_at, r.seen_at, r.published,
  r.story, r.canonical, r.root, json_extract(r.lifted, '$.origin') IS 'page'
FROM (SELECT 1) LEFT JOIN items AS i ON i.id = :item LEFT JOIN revisions AS r ON r.item = i.pk AND r.number = :revision
WHERE true
ON CONFLICT (item, rule, revision) DO NOTHING

-- name: open_baseline
UPDATE dispatches SET reason = 'waiting', fate = 'open'
WHERE match = (SELECT pk FROM matches WHERE item = :item AND rule = :rule AND revision = :revision) AND fate = 'baseline'

-- name: add_dispatch
INSERT INTO dispatches (match, channel, grp, severity, updates, source, reason, fate)
VALUES (:match, :channel, :group, :severity, :updates, :source, :reason, :fate)

-- name: retire_rules
UPDATE rule_versions SET live = 0 WHERE hash IN (SELECT value FROM json_each(:hashes))

-- name: live_rules
SELECT hash FROM rule_versions WHERE live

-- name: keep_rule
INSERT INTO rule_versions (hash, rule, definition, first_at, live) VALUES (:hash, :rule, :definition, :now, 1)
ON CONFLICT (hash) DO UPDATE SET definition = excluded.definition, live = 1
WHERE NOT live OR definition <> excluded.definition

-- name: rule_version
SELECT definition FROM rule_versions WHERE hash = :hash

-- name: live_rule
SELECT definition FROM rule_versions WHERE rule = :rule AND live

-- name: retire_channels
UPDATE channels SET live = 0 WHERE live AND name NOT IN (SELECT value FROM json_each(:names))

-- name: keep_channel
INSERT INTO channels (name, first_at, live) VALUES (:name, :now, 1)
ON CONFLICT (name) DO UPDATE SET live = 1 WHERE NOT live

-- name: known_channels
SELECT name, live FROM channels

-- name: close_removed
UPDATE dispatches SET reason = :reason, fate = :fate, trail = trail || :now || ' ' || :reason || char(10)
WHERE fate = 'open' AND channel NOT IN (SELECT value FROM json_each(:names))

-- name: bury_removed
INSERT INTO deliveries (alert, channel, started_at, ended_at, state, detail)
SELECT key, channel, :now, :now, 'dead', :word FROM alerts
WHERE state = 'pending' AND channel NOT IN (SELECT value FROM json_each(:names))
ON CONFLICT (alert, started_at) DO UPDATE SET state = excluded.state, detail = excluded.detail, next_at = NULL

-- name: kill_removed
UPDATE alerts SET state = 'dead', next_at = NULL, lease_until = NULL
WHERE state = 'pending' AND channel NOT IN (SELECT value FROM json_each(:names))

-- name: channels_with_open
SELECT DISTINCT channel FROM dispatches WHERE fate = 'open' ORDER BY channel

-- name: open_dispatches
-- what is not decided yet before what is held: a crowd of held ones must not hide it
SELECT d.*, m.rule, m.rule_hash, m.item, m.revision, m.story, m.canonical, m.root,
  m.paged, m.denial, m.seen_at, m.published
FROM dispatches AS d JOIN matches AS m ON m.pk = d.match
WHERE d.fate = 'open' AND d.channel = :channel
ORDER BY d.reason <> 'waiting', d.pk LIMIT :limit

-- name: told
-- of each group the first and the last of each severity; CROSS JOIN: what stands left is looked up first
WITH spoken AS MATERIALIZED (
  SELECT value FROM json_each(:groups) AS g WHERE EXISTS (
    SELECT 1 FROM dispatches WHERE channel = :channel AND grp = g.value AND told_at IS NOT NULL
  )
), near AS (
  SELECT (
    SELECT pk FROM dispatches
    WHERE channel = :channel AND grp = g.value AND severity = s.value AND told_at IS NOT NULL
    ORDER BY told_at, pk LIMIT 1
  ) AS pk FROM spoken AS g CROSS JOIN json_each(:severities) AS s
  UNION SELECT (
    SELECT pk FROM dispatches
    WHERE channel = :channel AND grp = g.value AND severity = s.value AND told_at IS NOT NULL
    ORDER BY told_at DESC, pk DESC LIMIT 1
  ) FROM spoken AS g CROSS JOIN json_each(:severities) AS s
  UNION SELECT d.pk FROM matches AS m CROSS JOIN dispatches AS d ON d.match = m.pk
  WHERE m.item IN (SELECT value FROM json_each(:items)) AND d.channel = :channel
    AND (d.told_at IS NOT NULL OR d.fate = 'baseline')
  UNION SELECT d.pk FROM matches AS m CROSS JOIN dispatches AS d ON d.match = m.pk
  WHERE m.canonical IN (SELECT value FROM json_each(:canonicals)) AND d.channel = :channel AND d.told_at IS NOT NULL
  UNION SELECT d.pk FROM matches AS m CROSS JOIN dispatches AS d ON d.match = m.pk
  WHERE m.item IN (SELECT value FROM json_each(:roots)) AND d.channel = :channel AND d.told_at IS NOT NULL
  UNION SELECT d.pk FROM matches AS m CROSS JOIN dispatches AS d ON d.match = m.pk
  WHERE m.root IN (SELECT value FROM json_each(:said)) AND d.channel = :channel AND d.told_at IS NOT NULL
)
SELECT d.grp, m.rule, m.item, m.revision, m.canonical, m.root, m.denial, d.alert, d.told_at, d.severity
FROM near JOIN dispatches AS d ON d.pk = near.pk JOIN matches AS m ON m.pk = d.match
ORDER BY d.told_at, d.pk

-- name: arrivals
SELECT m.rule, d.pk, d.grp, m.item, d.source, m.seen_at
FROM matches AS m INDEXED BY matches_rule_seen JOIN dispatches AS d ON d.match = m.pk
WHERE m.rule = :rule AND m.seen_at > :since AND m.seen_at <= :until AND d.channel = :channel AND d.fate <> 'baseline'

-- name: made
SELECT created_at FROM alerts
WHERE channel = :channel AND created_at > :since AND created_at <= :now AND kind <> 'notice'
ORDER BY created_at

-- name: slot
SELECT max(slot) FROM alerts WHERE channel = :channel AND slot <= :now

-- name: silences
SELECT * FROM silences WHERE until > :now ORDER BY pk

-- name: add_silence
INSERT INTO silences (rule, grp, channel, by, since, until, why, alert)
VALUES (:rule, :group, :channel, :by, :since, :until, :why, :alert)

-- name: end_silence
UPDATE silences SET until = :now WHERE pk = :id AND until > :now

-- name: episodes
SELECT * FROM episodes WHERE ended_at IS NULL OR ended_at > :since ORDER BY since, rule

-- name: save_episode
INSERT INTO episodes (rule, since, rule_hash, noticed_at, ended_at)
VALUES (:rule, :since, :rule_hash, :noticed_at, :ended_at)
ON CONFLICT (rule, since) DO UPDATE SET ended_at = coalesce(ended_at, excluded.ended_at)

-- name: waiting
-- by the index: going by pk would read all that was ever told
SELECT d.*, m.rule, m.rule_hash, m.item, m.revision, m.story, m.canonical, m.root,
  m.paged, m.denial, m.seen_at, m.published
FROM dispatches AS d INDEXED BY dispatches_open JOIN matches AS m ON m.pk = d.match
WHERE d.fate = 'open'
ORDER BY d.pk LIMIT :limit

-- name: failing_since
SELECT min(started_at) FROM deliveries
WHERE channel = :channel AND state = 'pending' AND started_at > coalesce((
  SELECT started_at FROM deliveries WHERE channel = :channel AND state = 'sent' ORDER BY started_at DESC LIMIT 1
), -1)

-- name: add_alert
-- a copy of a copy tells what the original tells
INSERT INTO alerts (key, channel, grp, kind, severity, created_at, state, next_at, touched_at, title, body,
  told, sources, slot, copy_of)
VALUES (:key, :channel, :group, :kind, :severity, :created_at, 'pending', :created_at, :created_at, :title, :body,
  :told, :sources, :slot, coalesce((SELECT copy_of FROM alerts WHERE key = :copy_of), :copy_of))
ON CONFLICT (key) DO NOTHING

-- name: decide
UPDATE dispatches SET reason = :reason, fate = :fate, alert = :alert, place = :place,
  trail = CASE WHEN reason = :reason THEN trail ELSE trail || :step END,
  told_at = CASE WHEN :fate <> 'merged' THEN (SELECT created_at FROM alerts WHERE key = :alert) END
WHERE pk = :dispatch AND fate = 'open'

-- name: tell_baseline
UPDATE feeds SET baseline_told = 1
WHERE baseline_at IS NOT NULL AND NOT baseline_told AND id IN (SELECT value FROM json_each(:feeds))

-- name: baseline_feeds
SELECT id FROM feeds WHERE baseline_at IS NOT NULL AND NOT baseline_told AND wanted ORDER BY id

-- name: baseline_waiting
SELECT count(*) FROM feeds WHERE wanted AND NOT baselined AND failures = 0

-- name: baseline_items
SELECT count(*), count((SELECT 1 FROM matches AS m WHERE m.item = s.item))
FROM feeds AS f JOIN seen AS s ON s.feed = f.pk
WHERE f.id IN (SELECT value FROM json_each(:feeds))

-- name: baseline_latest
SELECT r.title, v.definition
FROM feeds AS f JOIN seen AS s ON s.feed = f.pk
JOIN matches AS m ON m.pk = (SELECT min(pk) FROM matches WHERE item = s.item)
JOIN rule_versions AS v ON v.hash = m.rule_hash
JOIN items AS i ON i.id = s.item JOIN revisions AS r ON r.item = i.pk AND r.number = m.revision
WHERE f.id IN (SELECT value FROM json_each(:feeds))
ORDER BY min(coalesce(r.published, r.seen_at), r.seen_at) DESC, r.pk DESC LIMIT 10

-- name: channels_due
SELECT DISTINCT a.channel FROM alerts AS a LEFT JOIN channels AS c ON c.name = a.channel
WHERE a.state = 'pending' AND a.next_at <= :now AND (a.lease_until IS NULL OR a.lease_until <= :now)
  AND (c.rest_until IS NULL OR c.rest_until <= :now)
  AND NOT EXISTS (
    SELECT 1 FROM alerts AS b WHERE b.state = 'pending' AND b.channel = a.channel AND b.grp = a.grp AND b.pk < a.pk
  )
ORDER BY a.channel

-- name: due_alert
SELECT a.pk, a.key FROM alerts AS a
WHERE a.state = 'pending' AND a.channel = :channel AND a.next_at <= :now
  AND (a.lease_until IS NULL OR a.lease_until <= :now)
  AND NOT EXISTS (SELECT 1 FROM channels WHERE name = :channel AND rest_until > :now)
  AND NOT EXISTS (
    SELECT 1 FROM alerts AS b WHERE b.state = 'pending' AND b.channel = a.channel AND b.grp = a.grp AND b.pk < a.pk
  )
ORDER BY a.pk LIMIT 1

-- name: lease_alert
UPDATE alerts SET lease_until = :lease_until WHERE pk = :pk

-- name: add_delivery
INSERT INTO deliveries (alert, channel, started_at, ended_at, state, detail, next_at, reference)
VALUES (:alert, (SELECT channel FROM alerts WHERE key = :alert), :started_at, :ended_at, :state, :detail, :next_at,
  :reference)
ON CONFLICT (alert, started_at) DO NOTHING

-- name: after_delivery
UPDATE alerts SET state = :state, attempts = attempts + 1, next_at = :next_at, lease_until = NULL,
  touched_at = :started_at, owed = :owed,
  sent_at = CASE WHEN :state = 'sent' THEN coalesce(sent_at, :ended_at) ELSE sent_at END
WHERE key = :alert

-- name: rest_channel
UPDATE channels SET rest_until = max(coalesce(rest_until, :rest_until), :rest_until)
WHERE name = (SELECT channel FROM alerts WHERE key = :alert)

-- name: hurry_channel
UPDATE alerts INDEXED BY alerts_pending SET next_at = :ended_at
WHERE channel = (SELECT channel FROM alerts WHERE key = :alert) AND state = 'pending' AND next_at > :ended_at

-- name: hurry_renewed
UPDATE alerts INDEXED BY alerts_pending SET next_at = :now
WHERE channel IN (SELECT value FROM json_each(:names)) AND state = 'pending' AND next_at > :now

-- name: end_rests
UPDATE channels SET rest_until = NULL WHERE rest_until > :now AND name IN (SELECT value FROM json_each(:names))

-- name: release_feeds
UPDATE feeds SET lease_until = NULL WHERE lease_until IS NOT NULL

-- name: release_alerts
UPDATE alerts SET lease_until = NULL WHERE state = 'pending' AND lease_until IS NOT NULL

-- name: hurry_feeds
UPDATE feeds SET next_at = :now WHERE next_at > :now AND coalesce(polled_at, added_at) > :now

-- name: hurry_alerts
UPDATE alerts SET next_at = :now WHERE state = 'pending' AND next_at > :now AND touched_at > :now

-- name: hurry_channels
UPDATE channels SET rest_until = NULL
WHERE rest_until > :now AND EXISTS (SELECT 1 FROM deliveries WHERE channel = channels.name AND started_at > :now)

-- name: resend
UPDATE alerts SET state = 'pending', attempts = 0, next_at = :now, touched_at = :now, owed = '[]'
WHERE key = :key AND state <> 'pending'

-- name: forgettable
-- what is to be told yet needs its text: an open dispatch, a pending alert, a pending copy of one
SELECT i.pk FROM items AS i
WHERE i.seen_at < :before AND NOT EXISTS (
  SELECT 1 FROM matches AS m JOIN dispatches AS d ON d.match = m.pk
  WHERE m.item = i.id AND (
    d.fate = 'open' OR EXISTS (SELECT 1 FROM alerts WHERE key = d.alert AND state = 'pending')
    OR EXISTS (SELECT 1 FROM alerts WHERE copy_of = d.alert AND state = 'pending')
  )
)
ORDER BY i.seen_at LIMIT :limit

-- name: texts_of
SELECT pk, title, text, summary, lifted FROM revisions WHERE item = :item ORDER BY number

-- name: keep_what_matched
INSERT INTO forgotten (item, number, feed, key, fingerprint, seen_at, story, url, canonical, title, title_from_text,
  authors, tags, lang, published, updated, lifted, link)
SELECT i.id, r.number, i.feed, i.key, r.fingerprint, r.seen_at, r.story, r.url, r.canonical, r.title, r.title_from_text,
  r.authors, r.tags, r.lang, r.published, r.updated, r.lifted, r.link
FROM revisions AS r JOIN items AS i ON i.pk = r.item
WHERE r.pk = :pk AND EXISTS (SELECT 1 FROM matches WHERE item = i.id AND revision = r.number)
ON CONFLICT (item, number) DO NOTHING

-- name: keep_sketch
INSERT INTO sketches (item, sketch) SELECT pk, :sketch FROM items WHERE id = :id AND latest = :number
ON CONFLICT (item) DO UPDATE SET sketch = excluded.sketch

-- behind which the first stands that was seen since then; none was: the last
-- name: sketches_begin
SELECT coalesce(
  (SELECT min(pk) - 1 FROM revisions INDEXED BY revisions_seen WHERE seen_at >= :since),
  (SELECT max(pk) FROM revisions), 0
)

-- name: sketches_after
SELECT r.pk AS revision, s.item, r.seen_at, r.canonical, s.sketch
FROM revisions AS r JOIN items AS i ON i.pk = r.item AND i.latest = r.number JOIN sketches AS s ON s.item = i.pk
WHERE r.pk > :read ORDER BY r.pk LIMIT :limit

-- name: sketched
SELECT i.id, f.id AS feed, r.story, r.seen_at, r.published, r.url, r.canonical, r.lang, r.link, s.sketch,
  (SELECT json_group_array(story) FROM splits WHERE item = i.id) AS apart
FROM sketches AS s JOIN items AS i ON i.pk = s.item JOIN feeds AS f ON f.pk = i.feed
JOIN revisions AS r ON r.item = i.pk AND r.number = i.latest
WHERE s.item = :item

-- name: own_sketched
SELECT i.id, f.id AS feed, r.story, r.seen_at, r.published, r.url, r.canonical, r.lang, r.link, s.sketch, '[]' AS apart
FROM items AS i JOIN sketches AS s ON s.item = i.pk JOIN feeds AS f ON f.pk = i.feed
JOIN revisions AS r ON r.item = i.pk AND r.number = i.latest
WHERE i.id = :id

-- name: drop_terms
INSERT INTO terms (terms, rowid, keys) VALUES ('delete', :pk, :keys)

-- name: drop_revision
DELETE FROM revisions WHERE pk = :pk

-- name: drop_item
DELETE FROM items WHERE pk = :item AND NOT EXISTS (SELECT 1 FROM revisions WHERE item = :item)

-- name: frequencies
SELECT term, items FROM frequencies

-- name: forget_frequencies
DELETE FROM frequencies

-- name: save_frequency
INSERT INTO frequencies (term, items) VALUES (:term, :items)

-- name: oldest
SELECT min(seen_at) FROM revisions

-- name: find_alert
SELECT key FROM alerts WHERE key >= :prefix AND key < :prefix || 'g' ORDER BY key LIMIT 10

-- name: alert
SELECT a.*, o.channel AS failed_on FROM alerts AS a LEFT JOIN alerts AS o ON o.key = a.copy_of WHERE a.key = :key

-- name: alerts
SELECT a.*, o.channel AS failed_on FROM alerts AS a LEFT JOIN alerts AS o ON o.key = a.copy_of
WHERE a.created_at >= :since AND (:state IS NULL OR a.state = :state)
ORDER BY a.created_at DESC, a.pk DESC LIMIT :limit

-- name: alerts_unsent
-- the same of those that wait or were given up: few, whatever was sent since
SELECT a.*, o.channel AS failed_on FROM alerts AS a LEFT JOIN alerts AS o ON o.key = a.copy_of
WHERE a.state = :state AND a.created_at >= :since
ORDER BY a.created_at DESC, a.pk DESC LIMIT :limit

-- name: told_by
SELECT d.grp, d.severity, m.item, m.revision, m.rule, m.rule_hash, m.evidence, m.denial,
  json_extract(v.definition, '$.title') AS title, json_extract(v.definition, '$.template') AS template
FROM dispatches AS d JOIN matches AS m ON m.pk = d.match JOIN rule_versions AS v ON v.hash = m.rule_hash
WHERE d.alert = :alert AND d.place IS NOT NULL
ORDER BY d.place, d.pk

-- name: told_in
SELECT d.grp, count(DISTINCT m.item) AS items, count(DISTINCT d.source) AS sources
FROM dispatches AS d JOIN matches AS m ON m.pk = d.match
WHERE d.alert = :alert AND d.grp IN (SELECT value FROM json_each(:groups)) AND d.told_at IS NOT NULL
GROUP BY d.grp

-- name: copies_in
-- what one rule tells and another one merges is told
SELECT d.grp, count(DISTINCT m.item) AS items FROM dispatches AS d JOIN matches AS m ON m.pk = d.match
WHERE d.alert = :alert AND d.reason = 'same-text' AND m.item NOT IN (
  SELECT n.item FROM dispatches AS o JOIN matches AS n ON n.pk = o.match WHERE o.alert = :alert AND o.told_at IS NOT NULL
)
GROUP BY d.grp

-- name: root
-- what has been accepted on the channel first
SELECT a.key, d.reference
FROM alerts AS a JOIN deliveries AS d ON d.alert = a.key AND d.state = 'sent'
WHERE a.channel = :channel AND a.grp = :group AND a.sent_at IS NOT NULL
ORDER BY a.sent_at, a.pk, d.started_at LIMIT 1

-- name: deliveries
SELECT * FROM deliveries WHERE alert = :alert ORDER BY started_at

-- name: links
-- of what joined a story; an edit that is nothing like it any more may have none of its own
SELECT i.id, r.link, max(r.number) AS number FROM revisions AS r JOIN items AS i ON i.pk = r.item
WHERE r.story = :story AND r.link <> ''
GROUP BY i.pk ORDER BY i.pk

-- name: story
-- as in titles
SELECT i.id, i.key, f.id AS feed, r.pk, r.number, r.seen_at, r.story, r.fingerprint, r.url, r.canonical, r.title,
  r.title_from_text, '' AS text, '' AS summary, NULL AS raw, '[]' AS blocks, r.authors, r.tags, r.lang,
  r.published, r.updated, r.lifted, r.link
FROM items AS i JOIN feeds AS f ON f.pk = i.feed JOIN revisions AS r ON r.item = i.pk AND r.number = i.latest
WHERE i.id IN (SELECT value FROM json_each(:ids)) AND r.story = :story
ORDER BY i.pk

-- name: story_of
SELECT r.story, r.canonical, r.url, f.id AS feed
FROM items AS i JOIN feeds AS f ON f.pk = i.feed JOIN revisions AS r ON r.item = i.pk AND r.number = i.latest
WHERE i.id = :item

-- name: splits
SELECT story, by, at FROM splits WHERE item = :item ORDER BY at, story

-- name: add_split
INSERT INTO splits (item, story, by, at) VALUES (:item, :story, :by, :at) ON CONFLICT (item, story) DO NOTHING

-- name: moved
SELECT r.story, r.link FROM splits AS s JOIN items AS i ON i.id = s.item
JOIN revisions AS r ON r.item = i.pk AND r.number = i.latest
WHERE s.item = :item AND s.story = :story

-- name: revisions_of
SELECT i.id, f.id AS feed, r.*
FROM items AS i JOIN feeds AS f ON f.pk = i.feed JOIN revisions AS r ON r.item = i.pk
WHERE i.id = :item

-- name: move_revision
UPDATE revisions SET story = :story, link = :link, root = :root, hash = :hash WHERE pk = :pk

-- name: move_matches
UPDATE matches SET story = :story, root = CASE WHEN root = :said THEN :root ELSE root END WHERE item = :item

-- name: move_dispatches
UPDATE dispatches SET source = CASE WHEN source = :source THEN :own ELSE source END,
  grp = CASE WHEN grp = 'story:' || :out_of THEN 'story:' || :story ELSE grp END
WHERE fate = 'open' AND match IN (SELECT pk FROM matches WHERE item = :item)

-- name: find_item
SELECT id FROM (
  SELECT id FROM items WHERE id >= :prefix AND id < :prefix || 'g'
  UNION
  SELECT i.id FROM revisions AS r JOIN items AS i ON i.pk = r.item WHERE r.url = :url
  UNION
  SELECT i.id FROM revisions AS r JOIN items AS i ON i.pk = r.item WHERE r.canonical = :url AND r.canonical <> r.url
  UNION
  SELECT item FROM forgotten WHERE item >= :prefix AND item < :prefix || 'g'
  UNION
  SELECT item FROM forgotten WHERE url = :url
  UNION
  SELECT item FROM forgotten WHERE canonical = :url AND canonical <> url
) ORDER BY id LIMIT 10

-- name: revision
SELECT i.id, i.key, f.id AS feed, r.*
FROM items AS i JOIN feeds AS f ON f.pk = i.feed
JOIN revisions AS r ON r.item = i.pk AND r.number = coalesce(:number, i.latest)
WHERE i.id = :item

-- name: revisions_at
SELECT i.id, i.key, f.id AS feed, r.*
FROM revisions AS r JOIN items AS i ON i.pk = r.item JOIN feeds AS f ON f.pk = i.feed
WHERE r.pk IN (SELECT value FROM json_each(:pks))
ORDER BY r.pk DESC

-- name: titles
-- a revision without its texts: those of a thousand alerts would fill the memory
SELECT i.id, i.key, f.id AS feed, r.pk, r.number, r.seen_at, r.story, r.fingerprint, r.url, r.canonical, r.title,
  r.title_from_text, '' AS text, '' AS summary, NULL AS raw, '[]' AS blocks, r.authors, r.tags, r.lang,
  r.published, r.updated, r.lifted, r.link
FROM items AS i JOIN feeds AS f ON f.pk = i.feed JOIN revisions AS r ON r.item = i.pk AND r.number = :number
WHERE i.id = :item

-- name: forgotten
SELECT o.item AS id, f.id AS feed, o.*, '' AS text, '' AS summary, NULL AS raw, '[]' AS blocks
FROM forgotten AS o JOIN feeds AS f ON f.pk = o.feed
WHERE o.item = :item AND o.number = coalesce(:number, (SELECT max(number) FROM forgotten WHERE item = :item))

-- name: matches_of
SELECT * FROM matches WHERE item = :item AND (:rule IS NULL OR rule = :rule) ORDER BY pk

-- name: dispatches_of
SELECT d.*, m.rule, m.rule_hash, m.item, m.revision, m.story, m.canonical, m.root,
  m.paged, m.denial, m.seen_at, m.published
FROM dispatches AS d JOIN matches AS m ON m.pk = d.match
WHERE d.match = :match
ORDER BY d.pk

-- name: first_since
-- by the index: going by pk would read every row before it
SELECT min(pk) FROM revisions INDEXED BY revisions_seen WHERE seen_at >= :since

-- name: latest_revisions
SELECT r.pk FROM revisions AS r JOIN items AS i ON i.pk = r.item AND i.latest = r.number
WHERE r.pk >= :first AND r.pk < :before AND r.seen_at >= :since
ORDER BY r.pk DESC LIMIT :limit

-- name: latest_with_terms
SELECT r.pk FROM terms JOIN revisions AS r ON r.pk = terms.rowid
JOIN items AS i ON i.pk = r.item AND i.latest = r.number
WHERE terms MATCH :terms AND terms.rowid >= :first AND r.seen_at >= :since
ORDER BY terms.rowid DESC LIMIT :limit

-- name: last_revision
SELECT max(pk) FROM revisions

-- name: revisions_between
SELECT pk FROM revisions WHERE pk BETWEEN :first AND :last

-- name: with_terms
SELECT rowid AS pk FROM terms WHERE terms MATCH :terms AND rowid BETWEEN :first AND :last

-- the latest of what was there when the search began: what is edited meanwhile is found as it was
-- name: latest_at
SELECT i.id, i.key, f.id AS feed, r.*
FROM revisions AS r JOIN items AS i ON i.pk = r.item JOIN feeds AS f ON f.pk = i.feed
WHERE r.pk IN (SELECT value FROM json_each(:pks)) AND r.seen_at >= :since AND NOT EXISTS (
  SELECT 1 FROM revisions AS later WHERE later.item = r.item AND later.number > r.number AND later.pk <= :last
)
ORDER BY r.pk DESC

-- name: extent
SELECT count(*) AS items, min(r.seen_at) AS first FROM revisions AS r JOIN items AS i ON i.pk = r.item AND i.latest = r.number
WHERE r.seen_at >= :since

-- name: brought
SELECT feeds.id AS feed, count(*) AS n FROM items INDEXED BY items_seen JOIN feeds ON feeds.pk = items.feed
WHERE items.seen_at >= :since GROUP BY items.feed

-- name: backlog_open
SELECT channel, count(*) AS n FROM dispatches WHERE fate = 'open' GROUP BY channel

-- name: backlog_pending
SELECT channel, count(*) AS n, min(created_at) AS oldest FROM alerts WHERE state = 'pending' GROUP BY channel

-- name: count_feeds
SELECT CASE
  WHEN paused_at IS NOT NULL AND paused_until > :now THEN 'paused'
  WHEN condition IN ('blocked', 'gone') THEN condition
  WHEN failures > 0 THEN 'failing'
  ELSE condition
END AS state, count(*) AS n
FROM feeds WHERE wanted GROUP BY state

-- name: count_habits
SELECT coalesce(sum(json_extract(habits, '$.gaps')), 0) AS gaps,
  coalesce(sum(json_extract(habits, '$.audits')), 0) AS audits,
  coalesce(sum(json_extract(habits, '$.lies')), 0) AS lies,
  coalesce(sum(wanted AND json_extract(habits, '$.distrusted_at') IS NOT NULL), 0) AS distrusted
FROM feeds WHERE habits <> '{}' AND json_valid(habits)

-- name: reach
SELECT coalesce(sum(in_vain), 0) AS unreachable, coalesce(sum(recent), 0) AS tried, count(*) AS feeds,
  coalesce(sum(recent AND in_vain), 0) AS in_vain,
  coalesce(sum(recent AND in_vain AND told NOT IN ('failing', 'blocked', 'gone')), 0) AS untold,
  max(CASE WHEN in_vain THEN good_at END) AS read_at
FROM (
  SELECT failures > 0 AND trouble IN (SELECT value FROM json_each(:kinds)) AS in_vain, polled_at >= :since AS recent,
    told, good_at
  FROM feeds
  WHERE wanted AND polled_at IS NOT NULL AND lane NOT LIKE 'file:%' AND NOT (paused_at IS NOT NULL AND paused_until > :now)
)

-- name: resting
SELECT name, rest_until FROM channels WHERE rest_until > :now ORDER BY name

-- name: count_items
SELECT count(*) FROM items

-- name: count_matches
SELECT count(*) FROM matches

-- name: counts
SELECT reason, fate, n FROM counts

-- name: outbox
-- few are pending or dead; the rest, which is most, is not counted one by one
SELECT count(*) AS alerts, (SELECT count(*) FROM alerts WHERE state = 'pending') AS pending,
  (SELECT count(*) FROM alerts WHERE state = 'dead') AS dead
FROM alerts

-- name: count_dispatches
SELECT reason, fate, count(*) AS n FROM dispatches GROUP BY reason, fate

-- name: count_alerts
SELECT state, kind IN ('match', 'update', 'digest') AS tells, count(*) AS n, count(sent_at) AS accepted
FROM alerts GROUP BY state, kind

-- name: sums
SELECT
  (SELECT count(*) FROM matches) AS matches,
  (SELECT count(*) FROM matches WHERE channelless) AS channelless,
  (SELECT count(DISTINCT match) FROM dispatches) AS dispatched,
  (SELECT count(*) FROM dispatches INDEXED BY dispatches_told WHERE told_at IS NOT NULL)
    - (SELECT count(*) FROM dispatches INDEXED BY dispatches_alert WHERE told_at IS NOT NULL AND alert IS NULL) AS told,
  (SELECT count(DISTINCT alert) FROM dispatches INDEXED BY dispatches_alert WHERE told_at IS NOT NULL) AS telling,
  (SELECT count(*) FROM alerts WHERE copy_of IS NOT NULL AND kind IN ('match', 'update', 'digest')) AS copies,
  (SELECT count(DISTINCT alert) FROM deliveries WHERE state = 'sent') AS accepted

-- name: matches_lost
SELECT count(*) AS n, 'item ' || min(item) AS example FROM matches AS m
WHERE pk > (SELECT max(pk) FROM matches) - :newest AND NOT channelless
  AND NOT EXISTS (SELECT 1 FROM dispatches WHERE match = m.pk)

-- name: told_by_none
SELECT count(*) AS n, 'item ' || min(m.item) AS example FROM dispatches AS d JOIN matches AS m ON m.pk = d.match
WHERE d.pk > (SELECT max(pk) FROM dispatches) - :newest AND +d.reason IN (SELECT value FROM json_each(:telling))
  AND (d.told_at IS NULL OR NOT EXISTS (SELECT 1 FROM alerts WHERE key = d.alert))

-- name: told_uncounted
SELECT count(*) AS n, 'item ' || min(m.item) AS example FROM dispatches AS d JOIN matches AS m ON m.pk = d.match
WHERE d.pk > (SELECT max(pk) FROM dispatches) - :newest AND d.told_at IS NOT NULL
  AND +d.reason NOT IN (SELECT value FROM json_each(:telling))

-- name: merged_into_none
SELECT count(*) AS n, 'item ' || min(m.item) AS example FROM dispatches AS d JOIN matches AS m ON m.pk = d.match
WHERE d.pk > (SELECT max(pk) FROM dispatches) - :newest AND d.told_at IS NULL AND d.alert IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM alerts WHERE key = d.alert)

-- name: telling_nothing
SELECT count(*) AS n, 'alert ' || min(key) AS example FROM alerts AS a
WHERE pk > (SELECT max(pk) FROM alerts) - :newest AND kind IN ('match', 'update', 'digest') AND copy_of IS NULL
  AND NOT EXISTS (SELECT 1 FROM dispatches WHERE alert = a.key AND told_at IS NOT NULL)

-- name: sent_unproved
SELECT count(*) AS n, 'alert ' || min(key) AS example FROM alerts AS a
WHERE pk > (SELECT max(pk) FROM alerts) - :newest AND (state = 'sent' OR sent_at IS NOT NULL)
  AND NOT EXISTS (SELECT 1 FROM deliveries WHERE alert = a.key AND state = 'sent')

-- name: accepted_uncounted
SELECT count(*) AS n, 'alert ' || min(key) AS example FROM alerts AS a
WHERE pk > (SELECT max(pk) FROM alerts) - :newest AND sent_at IS NULL
  AND (state = 'sent' OR EXISTS (SELECT 1 FROM deliveries WHERE alert = a.key AND state = 'sent'))

-- name: dead_unproved
SELECT count(*) AS n, 'alert ' || min(key) AS example FROM alerts AS a
WHERE state = 'dead' AND NOT EXISTS (SELECT 1 FROM deliveries WHERE alert = a.key AND state = 'dead')

-- name: pending_undue
SELECT count(*) AS n, 'alert ' || min(key) AS example FROM alerts
WHERE pk > (SELECT max(pk) FROM alerts) - :newest AND (state = 'pending') <> (next_at IS NOT NULL)

-- name: one_with_reason
SELECT 'item ' || m.item FROM dispatches AS d JOIN matches AS m ON m.pk = d.match
WHERE d.reason = :reason AND d.fate = :fate LIMIT 1

-- name: one_in_state
SELECT 'alert ' || key FROM alerts WHERE state = :state LIMIT 1

-- name: lags
SELECT a.sent_at - m.seen_at
FROM alerts AS a CROSS JOIN dispatches AS d ON d.alert = a.key AND d.told_at IS NOT NULL JOIN matches AS m ON m.pk = d.match
WHERE a.sent_at IS NOT NULL AND a.kind <> 'digest'
ORDER BY a.sent_at DESC LIMIT 1000

-- name: set_meta
INSERT INTO meta (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = excluded.value

-- name: get_meta
SELECT value FROM meta WHERE name = :name
