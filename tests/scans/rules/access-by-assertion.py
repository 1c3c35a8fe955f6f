def resolves(principal, role, refused):
    # ruleid: access-by-assertion
    assert principal.has(role)
    # ok: access-by-assertion
    if not principal.has(role):
        raise refused
