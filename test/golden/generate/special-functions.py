"""Writes ../special-functions.json with mpmath at 40 digits."""
import json, os
from mpmath import mp, mpf, gammainc, betainc
mp.dps = 40
gamma = []
for a in (0.02, 0.5, 1, 2.5, 10, 49.5, 50.5, 300, 5000):
    for ratio in (1e-3, 0.3, 0.9, 1, 1.1, 1.7, 4):
        x = a * ratio
        if a > 100 and not 0.8 < ratio < 1.2: continue
        gamma.append(dict(a=a, x=x, lower=float(gammainc(mpf(a), 0, mpf(x), regularized=True)), upper=float(gammainc(mpf(a), mpf(x), mp.inf, regularized=True))))
beta = []
for a, b in ((0.5, 0.5), (1, 3), (2.5, 1.5), (0.5, 70), (97.5, 2), (30, 40), (1500, 0.5), (600, 700)):
    for x in (1e-4, 0.02, 0.3, 0.45, 0.5, 0.8, 0.97, 0.9999):
        lower = betainc(mpf(a), mpf(b), 0, mpf(x), regularized=True)
        upper = betainc(mpf(b), mpf(a), 0, 1 - mpf(x), regularized=True)
        beta.append(dict(a=a, b=b, x=x, lower=float(lower), upper=float(upper)))
here = os.path.dirname(os.path.abspath(__file__))
json.dump(dict(generator='test/golden/generate/special-functions.py (mpmath, 40 digits)', gamma=gamma, beta=beta), open(os.path.join(here, '..', 'special-functions.json'), 'w'), separators=(',', ':'))
