import asyncio
import os
import subprocess


async def starts(name):
    # ruleid: shell-started
    subprocess.run(f"ls {name}", shell=True)
    # ruleid: shell-started
    os.system("ls")
    # ruleid: shell-started
    await asyncio.create_subprocess_shell("ls")
    # ok: shell-started
    subprocess.run(["ls", name])
