import os


def keeps(home, key_file, log, token_path):
    # ruleid: private-file-readable-by-others
    key_file.write_bytes(b"key")
    # ruleid: private-file-readable-by-others
    (home / "signing_key.pem").write_text("key")
    # ruleid: private-file-readable-by-others
    open(token_path, "w")
    # ok: private-file-readable-by-others
    log.write_text("ready")
    # ok: private-file-readable-by-others
    os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
