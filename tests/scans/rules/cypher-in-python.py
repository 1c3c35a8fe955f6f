async def reads(tx, member_id, query):
    # ruleid: cypher-in-python
    await tx.run("MATCH (m:Member) RETURN m")
    # ruleid: cypher-in-python
    await tx.run(f"MATCH (m {{id: '{member_id}'}}) RETURN m")
    # ruleid: cypher-in-python
    await tx.run("MATCH (m) WHERE m.id = " + member_id)
    # ruleid: cypher-in-python
    await tx.run("MATCH (m:{}) RETURN m".format(member_id))
    # ok: cypher-in-python
    await tx.run(query.text, member_id=member_id)
