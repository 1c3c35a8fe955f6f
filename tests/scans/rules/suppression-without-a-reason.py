# ruleid: suppression-without-a-reason
started = run()  # nosec
# ruleid: suppression-without-a-reason
started = run()  # nosec B603
# ok: suppression-without-a-reason
started = run()  # nosec B603 the words are constants of ours
