import logging

logger = logging.getLogger(__name__)


def tells(member, phone, token, role_name):
    # ruleid: personal-words-in-logs
    logger.info("Enrolled %s", member.name)
    # ruleid: personal-words-in-logs
    logger.warning("No such phone: %s", phone)
    # ruleid: personal-words-in-logs
    logger.error(f"Refused {token}")
    # ruleid: personal-words-in-logs
    logger.info("seen", extra={"who": member.id_number})
    # ok: personal-words-in-logs
    logger.info("Enrolled %s as %s", member.id, role_name)
