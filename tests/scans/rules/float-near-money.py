def pays(amount_minor, order):
    # ruleid: float-near-money
    half = amount_minor / 2
    # ruleid: float-near-money
    share = float(order.amount_minor)
    # ruleid: float-near-money
    rebate = order.amount_minor * 0.3
    # ruleid: float-near-money
    paid_minor: float = 3
    # ok: float-near-money
    exact = order.amount_minor * 3000 // 10000
    # ok: float-near-money
    seconds: float = 0.5
