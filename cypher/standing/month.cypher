// The team volumes of one month, by member id, of the next members after one.
// access   read
// param    month         str
// param    after         str
// param    count         int          members
// column   member_id     str
// column   currency      str
// column   volume_minor  int
MATCH (volume:TeamVolume)
WHERE volume.period = $month AND volume.member_id > $after AND volume.currency > ''
WITH volume.member_id AS member_id, collect({currency: volume.currency, minor: volume.volume_minor}) AS volumes
ORDER BY member_id
LIMIT $count
UNWIND volumes AS volume
RETURN
  member_id AS member_id,
  volume.currency AS currency,
  volume.minor AS volume_minor
ORDER BY member_id, currency
