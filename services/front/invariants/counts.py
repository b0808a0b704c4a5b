"""1: every record received is exactly one of accepted, duplicate, quarantined, parked (or of no interest here)."""

from __future__ import annotations

from services.front.invariants.ground import Finding, Ground

_POSITIONS = """
SELECT topic, partition, first, next, accepted + duplicate + quarantined + parked + ignored AS counted
FROM "{s}".positions ORDER BY topic, partition
"""
# A record that was accepted has an inbox row; so has one that was parked, unless it only repeated another.
_BOOKS = """
SELECT (SELECT coalesce(sum(accepted), 0) FROM "{s}".positions) AS accepted,
       (SELECT coalesce(sum(parked), 0) FROM "{s}".positions) AS parked,
       (SELECT coalesce(sum(quarantined), 0) FROM "{s}".positions) AS quarantined,
       (SELECT count(*) FROM "{s}".inbox) AS inbox,
       (SELECT count(*) FROM "{s}".parked p WHERE EXISTS (
            SELECT 1 FROM "{s}".inbox i WHERE i.source = p.source AND i.event_id = p.message_id)) AS parked_known,
       (SELECT count(*) FROM "{s}".parked p WHERE NOT EXISTS (
            SELECT 1 FROM "{s}".timers t WHERE t.id = p.message_id)) AS parked_records
"""


async def every_record_is_counted_once(ground: Ground) -> Finding:
    """The counts of each partition add up to what was read, and agree with the inbox, the parked and the quarantine."""
    found = Finding()
    for service in ground.wirings:
        await _partitions(ground, service, found)
        await _books(ground, service, found)
    if ground.bootstrap is None:
        found.notes.append("without Kafka: how far partitions are read was not compared with their ends")
    if ground.busy and ground.must_be_quiet:
        found.violation(f"not quiet: {ground.busy}")
    elif ground.busy:
        found.notes.append(f"not quiet, so lag is no violation: {ground.busy}")
    return found


async def _partitions(ground: Ground, service: str, found: Finding) -> None:
    ends = await ground.ends() if ground.bootstrap is not None else {}
    heard = set()
    for topic, partition, first, read, counted in await ground.fetch(_POSITIONS.format(s=service)):
        where = f"{service}: {topic}/{partition}"
        heard.add((topic, partition))
        found.expect(counted == read - first, f"{where} counts {counted} records but read {read - first}")
        if (topic, partition) in ends:
            end = ends[topic, partition][1]
            found.expect(read <= end, f"{where} is read to {read}, beyond its end {end}")
    if heard and ends:
        for topic in ground.wirings[service].hears:
            missing = [p for t, p in ends if t == topic and (t, p) not in heard]
            found.expect(not missing, f"{service}: partitions {missing} of {topic} are not read at all")


async def _books(ground: Ground, service: str, found: Finding) -> None:
    row = (await ground.fetch(_BOOKS.format(s=service)))[0]
    found.checked += int(row["inbox"])
    expected = row["accepted"] + row["parked_known"]
    found.expect(
        row["inbox"] == expected,
        f"{service}: {row['inbox']} inbox rows, but {row['accepted']} accepted and {row['parked_known']} parked",
    )
    found.expect(
        row["parked"] == row["parked_records"],
        f"{service}: {row['parked']} records counted as parked, {row['parked_records']} parked rows of records",
    )
    if row["quarantined"] and await ground.has("vault.quarantine"):
        await _quarantine(ground, service, int(row["quarantined"]), found)


async def _quarantine(ground: Ground, service: str, counted: int, found: Finding) -> None:
    kept = int(await ground.value("SELECT count(*) FROM vault.quarantine"))
    # raw bytes are kept for a time only; there may be fewer, never more
    found.expect(kept <= counted, f"{service}: {counted} records counted as quarantined, but raw bytes of {kept}")
    if kept < counted:
        found.notes.append(f"raw bytes of {counted - kept} quarantined records are gone: repeats, or past their time")
