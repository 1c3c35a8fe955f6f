// The team volumes of members in some periods.
// access   read
// param    member_ids    list[str]
// param    periods       list[str]    months, or 'all'
// column   member_id     str
// column   currency      str
// column   period        str
// column   volume_minor  int
UNWIND $periods AS period
UNWIND $member_ids AS member_id
MATCH (volume:TeamVolume {period: period, member_id: member_id})
WHERE volume.currency > ''
RETURN
  volume.member_id AS member_id,
  volume.currency AS currency,
  volume.period AS period,
  volume.volume_minor AS volume_minor
