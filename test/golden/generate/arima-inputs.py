"""Values behind the tests of ARIMA with inputs: python3 arima-inputs.py ../arima.json ../arima-inputs.json   (numpy, scipy)

Dense generalised least squares: with V the covariance (in units of the innovation variance) of the differenced series,
effects = (X' V^-1 X)^-1 X' V^-1 w, and the likelihood is the normal density of w - X effects at the variance that fits
best. Forecasts are conditional means of that density, undifferenced, plus the effects of the inputs ahead. `optimum` is
the highest of several searches by Nelder and Mead over the coefficients. The inputs come from a linear congruential
generator (Numerical Recipes), so that they need no file.
"""
import json, sys
import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import minimize
from scipy.signal import lfilter

AHEAD = 12


def uniforms(seed, count):
    s, out = seed, []
    for _ in range(count):
        s = (1664525 * s + 1013904223) % 2**32
        out.append(s / 2**32)
    return np.array(out)


def inputs(count):
    return [(uniforms(99, count) < .15).astype(float), np.round(10 + 1.5 * np.floor(4 * uniforms(123, count)) / 2, 2)]


def poly(c, s, sign):
    p = np.zeros(len(c) * s + 1)
    p[0] = 1
    for i, v in enumerate(c):
        p[(i + 1) * s] = sign * v
    return p


def polys(case, v):
    (p, _, q), (P, _, Q, m) = case['order'], case['seasonal']
    a, b, c, d = np.split(np.asarray(v, float), np.cumsum([p, q, P]))
    return np.convolve(poly(a, 1, -1), poly(c, m, -1)), np.convolve(poly(b, 1, 1), poly(d, m, 1))


def delta(case):
    (_, d, _), (_, D, _, m) = case['order'], case['seasonal']
    out = np.array([1.0])
    for _ in range(D):
        out = np.convolve(out, poly([1], m, -1))
    for _ in range(d):
        out = np.convolve(out, [1, -1])
    return out


def differenced(case, z):
    f = delta(case)
    return np.convolve(z, f)[len(f) - 1:len(z)]


def covariance(case, v, n):
    ar, ma = polys(case, v)
    k = 2**15
    psi = lfilter(ma, ar, np.r_[1.0, np.zeros(k - 1)])
    f = np.fft.rfft(psi, 2 * k)
    g = np.fft.irfft(f * np.conj(f))[:n]
    return g[np.abs(np.subtract.outer(np.arange(n), np.arange(n)))]


def at(case, y, v, forecast=True):
    x = [np.ones(len(y) + AHEAD)] * case['mean'] + inputs(len(y) + AHEAD)
    w = differenced(case, y)
    X = np.array([differenced(case, c[:len(y)]) for c in x]).T
    n = len(w)
    V = covariance(case, v, n + AHEAD)
    factor = cho_factor(V[:n, :n])
    effects = np.linalg.solve(X.T @ cho_solve(factor, X), X.T @ cho_solve(factor, w))
    rest = w - X @ effects
    ssq = rest @ cho_solve(factor, rest)
    logdet = 2 * np.log(np.diag(factor[0])).sum()
    out = dict(loglik=-.5 * (n * np.log(2 * np.pi * ssq / n) + n + logdet), effects=list(effects), sigma2=ssq / n)
    if forecast:
        ahead = V[n:, :n] @ cho_solve(factor, rest)
        z = list(y - np.array([c[:len(y)] for c in x]).T @ effects)
        f = delta(case)
        for value in ahead:
            z.append(value - sum(f[j] * z[-j] for j in range(1, len(f))))
        out['forecast'] = list(np.array(z[-AHEAD:]) + np.array([c[len(y):] for c in x]).T @ effects)
    return out


def optimum(case, y):
    def objective(v):
        ar, ma = polys(case, v)
        roots = [np.abs(np.roots(p[::-1])).min() if len(p) > 1 else 2 for p in (ar, ma)]
        if roots[0] <= 1 + 1e-6 or roots[1] < 1 - 1e-9:
            return 1e10
        return -at(case, y, v, forecast=False)['loglik']
    k = len(case['params'])
    starts = [case['params'], np.full(k, .1), np.resize([.5, .3, -.4], k), np.resize([-.6, -.3], k)]
    options = dict(xatol=1e-6, fatol=1e-9, maxfev=600)
    best = min((minimize(objective, s, method='Nelder-Mead', options=options) for s in starts), key=lambda o: o.fun)
    return dict(loglik=-best.fun, params=list(best.x), effects=at(case, y, best.x, forecast=False)['effects'])


CASES = {
    'airline': dict(series='air', transform='log', order=[0, 1, 1], seasonal=[0, 1, 1, 12], params=[-.4, -.55], mean=False),
    'arma201': dict(series='sim_arma', transform='none', order=[2, 0, 1], seasonal=[0, 0, 0, 1], params=[.55, .2, .35], mean=True),
    'accdeaths': dict(series='accdeaths', transform='none', order=[1, 0, 0], seasonal=[0, 1, 1, 12], params=[.6, -.5], mean=False),
}
series = json.load(open(sys.argv[1]))['series']
out = dict(generator='generate/arima-inputs.py; series of arima.json; inputs: LCG 1664525 s + 1013904223 mod 2^32, seed 99: 1 where u < 0.15; seed 123: 10 + 0.75 floor(4 u)', cases={})
for name, case in CASES.items():
    y = np.array(series[case['series']]['y'], float)
    y = np.log(y) if case['transform'] == 'log' else y
    # An effect to find, so that inputs matter to the likelihood.
    lift = np.array([3., -2.]) * np.std(np.diff(y)) * .5
    y = y + np.array(inputs(len(y))).T @ lift
    out['cases'][name] = {**case, 'lift': list(lift), 'given': at(case, y, case['params']), 'optimum': optimum(case, y)}
json.dump(out, open(sys.argv[2], 'w'), indent=1)
