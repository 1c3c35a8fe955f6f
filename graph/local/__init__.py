"""A real Neo4j and a real Redis as child processes: no installer, no container, no root.

Read `servers.py` first; it is the whole of the public face. `jars.py` brings Neo4j from Maven, pinned by
`jars.lock`; `neo4j_launch.py` and `redis_launch.py` say how each server is configured and when it answers;
`child.py` starts and stops one under `guard.py`, so that none outlives the process that started it; `home.py`
is the folder where everything is kept.
"""
