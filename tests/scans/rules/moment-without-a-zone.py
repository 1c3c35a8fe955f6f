from datetime import UTC, datetime

# ruleid: moment-without-a-zone
now = datetime.now()
# ruleid: moment-without-a-zone
then = datetime.utcnow()
# ruleid: moment-without-a-zone
read = datetime.fromtimestamp(3)
# ok: moment-without-a-zone
aware = datetime.now(UTC)
