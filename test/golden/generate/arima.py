"""Values behind the ARIMA tests: python3 arima.py ../arima.json   (statsmodels 0.14, scipy, numpy)

Takes the series and the parts computed by R (see arima.R) from the file and recomputes `likelihood`:
dense multivariate normal likelihood of the differenced series, autocovariances from truncated psi weights, and the
Kalman filter of statsmodels beside it. `sim_weekly` is simulated here: (1,1,1)(1,0,1)[52] on the log scale.
"""
import json, sys
import numpy as np
from scipy.linalg import solve_triangular
from scipy.optimize import minimize
from scipy.signal import lfilter
from statsmodels.tsa.statespace.sarimax import SARIMAX

H = 26


def lcg_normals(seed, count):
    s, out = seed, []
    for _ in range(count):
        total = 0.0
        for _ in range(12):
            s = (1664525 * s + 1013904223) % 2**32
            total += s / 2**32
        out.append(total - 6)
    return np.array(out)


def poly(c, s, sign):
    p = np.zeros(len(c) * s + 1)
    p[0] = 1
    for i, v in enumerate(c):
        p[(i + 1) * s] = sign * v
    return p


def sim_weekly():
    e = 0.09 * lcg_normals(2024, 620)
    ar = np.convolve(poly([0.6], 1, -1), poly([0.7], 52, -1))
    ma = np.convolve(poly([-0.75], 1, 1), poly([-0.3], 52, 1))
    w = lfilter(ma, ar, e)
    return np.round(np.expm1(6 + np.cumsum(w)[-260:] - np.cumsum(w)[-261]))


def split(case, v):
    (p, d, q), (P, D, Q, m) = case['order'], case['seasonal']
    v = list(v)
    return v[:p], v[p:p + q], v[p + q:p + q + P], v[p + q + P:p + q + P + Q], v[p + q + P + Q:]


def polys(case, v):
    a, b, c, e, _ = split(case, v)
    m = case['seasonal'][3]
    return np.convolve(poly(a, 1, -1), poly(c, m, -1)), np.convolve(poly(b, 1, 1), poly(e, m, 1))


def minroot(p):
    r = np.roots(p[::-1])
    return np.min(np.abs(r)) if len(r) else np.inf


def diff(case, z):
    (_, d, _), (_, D, _, m) = case['order'], case['seasonal']
    for _ in range(D):
        z = z[m:] - z[:-m]
    for _ in range(d):
        z = z[1:] - z[:-1]
    return z


def transformed(case, series):
    y = np.array(series[case['series']]['y'], float)
    return {'log': np.log, 'log1p': np.log1p, 'none': lambda x: x}[case['transform']](y)


def dense(case, y, v, sigma2=None, gaps=(), forecast=True):
    """Unknown observations are left out by integrating over them: only for d = D = 0."""
    ar, ma = polys(case, v)
    mean = split(case, v)[4]
    w = diff(case, y - (mean[0] if mean else 0))
    n, h = len(w), H if forecast else 0
    k = 2**16
    psi = lfilter(ma, ar, np.r_[1.0, np.zeros(k - 1)])
    f = np.fft.rfft(psi, 2 * k)
    g = np.fft.irfft(f * np.conj(f))[:n + h]
    cov = g[np.abs(np.subtract.outer(np.arange(n + h), np.arange(n + h)))]
    keep = np.array([i for i in range(n) if i not in gaps])
    order = np.r_[keep, np.arange(n, n + h)]
    L = np.linalg.cholesky(cov[np.ix_(order, order)])
    k = len(keep)
    u = solve_triangular(L[:k, :k], w[keep], lower=True)
    ssq, logdet = u @ u, 2 * np.log(np.diag(L)[:k]).sum()
    s2 = ssq / k if sigma2 is None else sigma2
    out = dict(loglik=-.5 * (k * np.log(2 * np.pi * s2) + ssq / s2 + logdet), ssq=ssq, logdet=logdet)
    if forecast:
        (_, d, _), (_, D, _, m) = case['order'], case['seasonal']
        delta = np.array([1.0])
        for _ in range(D):
            delta = np.convolve(delta, poly([1], m, -1))
        for _ in range(d):
            delta = np.convolve(delta, [1, -1])
        z, E = list(y - (mean[0] if mean else 0)), []
        wf, K = L[k:, :k] @ u, L[k:, k:]
        for i in range(h):
            z.append(wf[i] - sum(delta[j] * z[-j] for j in range(1, len(delta))))
            E.append(K[i] - sum((delta[j] * E[i - j] for j in range(1, len(delta)) if i >= j), np.zeros(h)))
        out['forecast'] = list(np.array(z[-h:]) + (mean[0] if mean else 0))
        out['se'] = list(np.sqrt(s2 * (np.array(E) ** 2).sum(1)))
    return out


def statsmodels_loglik(case, y, v, sigma2):
    mean = split(case, v)[4]
    (p, d, q), (P, D, Q, m) = case['order'], case['seasonal']
    model = SARIMAX(diff(case, y - (mean[0] if mean else 0)), order=(p, 0, q),
                    seasonal_order=(P, 0, Q, m if P + Q else 0))
    count = p + q + P + Q
    return float(model.loglike(np.r_[v[:count], sigma2]))


def optimum(case, y, start):
    def objective(v):
        ar, ma = polys(case, v)
        if minroot(ar) <= 1 + 1e-6 or minroot(ma) < 1 - 1e-9:
            return 1e10
        return -dense(case, y, v, forecast=False)['loglik']
    best = None
    starts = [start] + [np.r_[np.resize(s, len(start) - len(split(case, start)[4])), split(case, start)[4]]
                        for s in ([.3, -.5, .3, -.2], [.8, -.9, -.3, .3], [.6, -.3, .6, .1])]
    for s in starts:
        o = minimize(objective, s, method='Nelder-Mead', options=dict(xatol=1e-6, fatol=1e-8, maxfev=700))
        if best is None or o.fun < best.fun:
            best = o
    return dict(loglik=-best.fun, params=list(best.x))


CASES = {
    'sim_weekly': dict(series='sim_weekly', transform='log1p', order=[1, 1, 1], seasonal=[1, 0, 1, 52],
                       params=[.4, -.3, .5, -.3], sigma2=.0035),
    'airline': dict(series='air', transform='log', order=[0, 1, 1], seasonal=[0, 1, 1, 12],
                    params=[-.4, -.55], sigma2=.00135),
    'accdeaths': dict(series='accdeaths', transform='none', order=[1, 1, 1], seasonal=[0, 1, 1, 12],
                      params=[.1, -.5, -.6], sigma2=1e5),
    'arma201': dict(series='sim_arma', transform='none', order=[2, 0, 1], seasonal=[0, 0, 0, 1],
                    params=[.55, .2, .35, 50.0], sigma2=9.0),
    'two_seasons': dict(series='ukgas', transform='log', order=[2, 0, 1], seasonal=[2, 1, 2, 4],
                        params=[.3, .2, -.4, .3, -.2, .5, .1], sigma2=.002),
    'near_the_circle': dict(series='air', transform='log', order=[1, 0, 1], seasonal=[1, 0, 1, 12],
                            params=[.97, -.9, .97, -.95, 5.5], sigma2=.002),
}
GAPS = [3, 4, 5, 40, 77, 121, 122, 198]

path = sys.argv[1]
golden = json.load(open(path))
series = golden['series']
series['sim_weekly'] = dict(m=52, y=[int(x) for x in sim_weekly()])
found = {}
for name, case in CASES.items():
    y, v, s2 = transformed(case, series), case['params'], case['sigma2']
    d, kalman = dense(case, y, v, s2), statsmodels_loglik(case, y, v, s2)
    assert abs(d['loglik'] - kalman) < 1e-6 * max(10, abs(kalman)), (name, d['loglik'], kalman)
    found[name] = dict(**case, exact=d, statsmodels=kalman)
    if name != 'near_the_circle':
        found[name]['optimum'] = optimum(case, y, np.array(v))
    print(name, d['loglik'], kalman, found[name].get('optimum'))
case = CASES['arma201']
golden['gaps'] = dict(case='arma201', at=GAPS, loglik=dense(case, transformed(case, series), case['params'], case['sigma2'], GAPS, False)['loglik'])
golden['likelihood'] = found
json.dump(golden, open(path, 'w'), separators=(',', ':'))
