import ssl

import httpx

# ruleid: certificate-not-verified
httpx.get("/keys", verify=False)
# ruleid: certificate-not-verified
client = httpx.AsyncClient(verify=False)
# ruleid: certificate-not-verified
ssl._create_unverified_context()
# ok: certificate-not-verified
httpx.AsyncClient(verify=ssl.create_default_context())
