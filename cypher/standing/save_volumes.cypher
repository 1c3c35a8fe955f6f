// Writes team volumes as they are now.
// access   write
// param    rows   list[map]    member_id, currency, period, volume_minor
UNWIND $rows AS row
MERGE (volume:TeamVolume {period: row.period, member_id: row.member_id, currency: row.currency})
SET volume.volume_minor = row.volume_minor
