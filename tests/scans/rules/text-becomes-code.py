import pickle

import yaml


def reads(text):
    # ruleid: text-becomes-code
    yaml.load(text)
    # ruleid: text-becomes-code
    pickle.loads(text)
    # ruleid: text-becomes-code
    eval(text)
    # ok: text-becomes-code
    return yaml.safe_load(text)
