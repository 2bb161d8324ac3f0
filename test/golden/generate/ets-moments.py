"""Prints the exact means and standard errors of the (M,*,M) forms in ../ets-forms.json: Hyndman, Koehler, Ord & Snyder
(2008), chapter 6, class 3, in matrices, with the damped trend as (1, phi) in H1 and F1. Needs numpy."""
import json, os
import numpy as np

def run(y, form, alpha, beta, gamma, phi, initial):
    trend = form[1] != 'N'; l, b = initial[0], initial[1] if trend else 0.0; s = list(initial[2 if trend else 1:])
    for v in y:
        q = l + phi * b; p = v / s[-1]; new = s[-1] + gamma * (v / q - s[-1])
        l, b = q + alpha * (p - q), phi * b + beta * (p - q); s = [new] + s[:-1]
    return ([l, b] if trend else [l]), s

def moments(x, s, alpha, beta, gamma, phi, sigma2, h):
    m, trend = len(s), len(x) == 2
    H1 = np.array([[1, phi]]) if trend else np.ones((1, 1)); F1 = np.array([[1, phi], [0, phi]]) if trend else np.ones((1, 1))
    G1 = np.array([[alpha, alpha * phi], [beta, beta * phi]]) if trend else np.array([[alpha]])
    H2 = np.zeros((1, m)); H2[0, -1] = 1; F2 = np.zeros((m, m)); F2[0, -1] = 1; F2[1:, :-1] = np.eye(m - 1); G2 = np.zeros((m, m)); G2[0, -1] = gamma
    M = np.outer(x, s); V = np.zeros((M.size, M.size)); H, F, G = np.kron(H2, H1), np.kron(F2, F1), np.kron(G2, G1); K = np.kron(G2, F1) + np.kron(F2, G1)
    mean, se = [], []
    for _ in range(h):
        mu = (H1 @ M @ H2.T).item(); mean.append(mu); se.append((((1 + sigma2) * H @ V @ H.T).item() + sigma2 * mu ** 2) ** .5)
        v = M.flatten(order='F')[:, None]; vv = v @ v.T
        V = F @ V @ F.T + sigma2 * (F @ V @ G.T + G @ V @ F.T + K @ (V + vv) @ K.T + sigma2 * G @ (3 * V + 2 * vv) @ G.T)
        M = F1 @ M @ F2.T + G1 @ M @ G2.T * sigma2
    return mean, se

here = os.path.dirname(os.path.abspath(__file__)); golden = json.load(open(os.path.join(here, '../ets-forms.json')))
for q in golden['exact']:
    w = (q['alpha'], q['beta'] or 0.0, q['gamma'], q['phi'] or 1.0)
    mean, se = moments(*run(golden['series'][q['series']]['y'], q['form'], *w, q['initial']), *w, q['sigma2'], len(q['mean']))
    print(q['series'], q['form'], mean[:3], se[:3], 'off by', max(abs(a / b - 1) for a, b in zip(mean + se, q['mean'] + q['se'])))
