// Gives entries to a link.
// access   write
// param    entry_ids   list[str]
// param    link        str
UNWIND $entry_ids AS entry_id
MATCH (entry:Entry {id: entry_id})
SET entry.link = $link
