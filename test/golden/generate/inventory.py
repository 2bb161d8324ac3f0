"""Writes ../inventory.json. Every number is computed here from the formula stated beside it; 'published' holds the value printed in the stated source and is asserted."""
import json, os, math, itertools, numpy as np, scipy
from scipy import stats, integrate
from scipy.optimize import brentq, minimize_scalar
REF = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'); out = {}; N = stats.norm; bad = []
SS = 'Snyder & Shen, Fundamentals of Supply Chain Theory, 2nd ed. (Wiley 2019)'; SPT = 'Silver, Pyke & Thomas, Inventory and Production Management in Supply Chains, 4th ed. (2017)'
def pub(got, want, tol=1e-9, name=''):
    for a, b in zip(np.ravel(got), np.ravel(want)):
        if abs(a - b) > tol * max(1, abs(b)): bad.append((name, a, b))
    return np.ravel(want).tolist()
G = lambda z: N.pdf(z) - z * N.sf(z)                                    # standard normal loss
G2 = lambda z: .5 * ((z * z + 1) * N.sf(z) - z * N.pdf(z))              # second-order loss
# ---- loss functions
zs = [round(-3 + .25 * i, 2) for i in range(27)]
out['loss'] = dict(source=SS + ', App. C; ' + SPT + ' (G_u(k), special function of the unit normal)', formula='G(z) = pdf(z) - z*(1 - cdf(z)); G(-z) = G(z) + z; G2(z) = 0.5*((z^2+1)*(1-cdf(z)) - z*pdf(z))', z=zs, pdf=[N.pdf(z) for z in zs], cdf=[N.cdf(z) for z in zs], G=[G(z) for z in zs], G2=[G2(z) for z in zs],
  quantiles={str(p): N.ppf(p) for p in (.5, .8, .9, .95, .975, .98, .99, .995, .999)}, inverse_G={str(g): brentq(lambda z: G(z) - g, -6, 6, xtol=1e-14) for g in (.001, .01, .05, .1, .2, .3, .4, 1.0)}, published=dict(G_at_1_3=pub(G(1.3), .04552796208651397, 1e-12, 'G(1.3)'), G2_at_1_3=pub(G2(1.3), .01880706693657111, 1e-12, 'G2')))
def dloss(F, S, cut=4000): k = np.arange(0, cut); pm = F.pmf(k); return float((np.maximum(k - S, 0) * pm).sum()), float((np.maximum(S - k, 0) * pm).sum())
out['discrete_loss'] = dict(formula='n(S) = E[(D-S)+], nbar(S) = E[(S-D)+], direct sums', poisson=[dict(mean=15, S=18, n=dloss(stats.poisson(15), 18)[0], nbar=dloss(stats.poisson(15), 18)[1], published=pub(dloss(stats.poisson(15), 18), (.5176095282584724, 3.5176095282584723), 1e-10, 'poisson loss'))],
  negative_binomial=[dict(r=4, p=.2, S=14, mean=16.0, sd=math.sqrt(80), n=dloss(stats.nbinom(4, .2), 14)[0], nbar=dloss(stats.nbinom(4, .2), 14)[1], published=pub(dloss(stats.nbinom(4, .2), 14), (4.447304632028364, 2.447304632028364), 1e-9, 'nb loss'))])
# ---- newsvendor
h, p, mu, sd = .18, .70, 50, 8; z = N.ppf(p / (p + h)); S = mu + z * sd; c = (h + p) * N.pdf(z) * sd
L = 4; SL = (L + 1) * mu + z * sd * math.sqrt(L + 1); cL = (h + p) * N.pdf(z) * sd * math.sqrt(L + 1)
def nvd(F, h, p): S = 0; r = p / (p + h); S = int(F.ppf(r)); n, nb = dloss(F, S); return S, h * nb + p * n
nb_mean, nb_var = 12.0, 30.0; r_ = nb_mean ** 2 / (nb_var - nb_mean); p_ = nb_mean / nb_var
pr, pc, ps = 1.0, .3, .12; zz = N.ppf((pr - pc) / (pr - ps)); Sx = 50 + zz * 8
out['newsvendor'] = dict(source=SS + ', sections 4.3.2 and 4.3.2.7, Examples 4.1-4.3', formula='critical ratio p/(p+h); normal: S = mu + z*sigma, cost = (h+p)*pdf(z)*sigma; discrete: smallest S with F(S) >= ratio, cost = h*E[(S-D)+] + p*E[(D-S)+]; lead time L (review every period): demand over L+1 periods',
  normal=dict(h=h, p=p, mean=mu, sd=sd, ratio=p / (p + h), z=z, S=S, cost=c, published=pub((S, c), (56.60395592743389, 1.9976051931766445), 1e-10, 'nv normal')), normal_lead_time_4=dict(S=SL, cost=cL, published=pub((SL, cL), (264.76689437415484, 4.466781004149577), 1e-10, 'nv lead')),
  normal_cost_at_60=dict(S=60, cost=h * ((60 - 50) + 8 * G(10 / 8)) + p * 8 * G(10 / 8)),
  poisson=dict(h=h, p=p, mean=50, **dict(zip(('S', 'cost'), nvd(stats.poisson(50), h, p))), published=pub(nvd(stats.poisson(50), h, p), (56, 1.7972352118091772), 1e-9, 'nv poisson')), poisson_6=dict(h=1, p=4, mean=6, **dict(zip(('S', 'cost'), nvd(stats.poisson(6), 1, 4)))),
  negative_binomial=[dict(h=1.0, p=q, mean=nb_mean, variance=nb_var, r=r_, prob=p_, note='r = mean^2/(var-mean), prob = mean/var; number of failures before r successes, r real', **dict(zip(('S', 'cost'), nvd(stats.nbinom(r_, p_), 1.0, q)))) for q in (3.0, 9.0, 19.0)],
  profit_form=dict(price=1, cost=.3, salvage=.12, mean=50, sd=8, ratio=(pr - pc) / (pr - ps), S=Sx, expected_profit=(pr - pc) * 50 - ((pc - ps) + (pr - pc)) * N.pdf(zz) * 8, published=pub((Sx, (pr - pc) * 50 - (pr - ps) * N.pdf(zz) * 8), (56.60395592743389, 33.002394806823354), 1e-10, 'nv explicit')))
# ---- EOQ family
K, hh, lam = 8, .225, 1300; Q = math.sqrt(2 * K * lam / hh); pp = 5; QB = math.sqrt(2 * K * lam * (hh + pp) / (hh * pp)); x = hh / (hh + pp); gB = hh * QB * (1 - x) ** 2 / 2 + pp * QB * x * x / 2 + K * lam / QB
rho = lam / 1700; QP = math.sqrt(2 * K * lam / (hh * (1 - rho)))
def alldisc(K, i, lam, b, c):
    best = None
    for j in range(len(b)):
        hi = b[j + 1] if j + 1 < len(b) else math.inf; q = math.sqrt(2 * K * lam / (i * c[j])); q = max(q, b[j])
        if q < hi: g = c[j] * lam + K * lam / q + i * c[j] * q / 2; best = min(best, (g, q, j)) if best else (g, q, j)
    return best
def incdisc(K, i, lam, b, c):
    best = None
    for j in range(len(b)):
        cb = sum(c[k] * (b[k + 1] - b[k]) for k in range(j)) - c[j] * b[j]; q = math.sqrt(2 * (K + cb) * lam / (i * c[j])); hi = b[j + 1] if j + 1 < len(b) else math.inf
        if b[j] <= q < hi: g = c[j] * lam + i * cb / 2 + (K + cb) * lam / q + i * c[j] * q / 2; best = min(best, (g, q, j)) if best else (g, q, j)
    return best
ad = alldisc(200, .2, 1000, [0, 200, 500], [500, 475, 450]); idc = incdisc(150, .25, 2400, [0, 300, 600], [100, 90, 80])
out['eoq'] = dict(source=SS + ', Examples 3.1, 3.8 and sections 3.4-3.6', eoq=dict(K=K, h=hh, demand=lam, formula='Q = sqrt(2*K*lambda/h), cost = sqrt(2*K*lambda*h)', Q=Q, cost=math.sqrt(2 * K * lam * hh), cost_at_Q_250=K * lam / 250 + hh * 250 / 2, published=pub((Q, math.sqrt(2 * K * lam * hh)), (304.0467800264368, 68.41052550594829), 1e-10, 'eoq')),
  backorders=dict(K=K, h=hh, p=pp, demand=lam, formula='Q = sqrt(2*K*lambda*(h+p)/(h*p)), backordered fraction x = h/(h+p), cost = sqrt(2*K*lambda*h*p/(h+p))', Q=QB, fraction=x, max_backorder=QB * x, cost=gB, published=pub((QB, x, gB), (310.81255515896464, .0430622009569378, 66.92136355097325), 1e-10, 'eoqb')),
  production=dict(rate=1700, formula='Q = sqrt(2*K*lambda/(h*(1-lambda/rate)))', Q=QP, cost=math.sqrt(2 * K * lam * hh * (1 - rho)), published=pub((QP, math.sqrt(2 * K * lam * hh * (1 - rho))), (626.8084945889684, 33.183979125298336), 1e-10, 'epq')),
  all_units_discount=dict(K=200, holding_rate=.2, demand=1000, breakpoints=[0, 200, 500], unit_costs=[500, 475, 450], Q=ad[1], region=ad[2], cost=ad[0], published=pub((ad[1], ad[2], ad[0]), (500, 2, 472900.0), 1e-9, 'all units')),
  incremental_discount=dict(K=150, holding_rate=.25, demand=2400, breakpoints=[0, 300, 600], unit_costs=[100, 90, 80], Q=idc[1], region=idc[2], cost=idc[0], published=pub((idc[1], idc[2], idc[0]), (1481.8906842274164, 2, 222762.8136845483), 1e-9, 'incremental')))
# ---- safety stock
def ss(d, sd, L, sL, csl, R=0): T = L + R; s = math.sqrt(T * sd ** 2 + d ** 2 * sL ** 2); z = N.ppf(csl); return dict(mean_daily=d, sd_daily=sd, lead_time=L, sd_lead_time=sL, review=R, service=csl, z=z, sigma=s, safety_stock=z * s, level=d * T + z * s)
out['safety_stock'] = dict(source=SPT + ', ch. 6-7; ' + SS + ', section 4.3 (lead-time variability: variance of a random sum)', formula='sigma = sqrt((L+R)*sd_d^2 + d^2*sd_L^2); safety stock = z*sigma; level = d*(L+R) + safety stock (reorder point when R = 0, order-up-to S of an (R,S) policy otherwise)',
  cases=[ss(100, 30, 9, 0, .95), ss(100, 30, 9, 2, .95), ss(100, 0, 9, 2, .95), ss(12.5, 4.2, 14, 3, .98), ss(12.5, 4.2, 14, 3, .98, 7), ss(3, 2.5, 5, 1, .9, 7), ss(40, 15, 10, 0, .99, 14)])
# ---- fill rate
def fr(Q, s, b): zA = brentq(lambda z: G(z) - (1 - b) * Q / s, -8, 8, xtol=1e-13); zE = brentq(lambda z: s * (G(z) - G(z + Q / s)) - (1 - b) * Q, -8, 8, xtol=1e-13); return dict(Q=Q, sigma_L=s, fill_rate=b, z_simple=zA, z_exact=zE, safety_stock_simple=zA * s, safety_stock_exact=zE * s, cycle_service_at_simple=N.cdf(zA))
out['fill_rate'] = dict(source=SPT + ', section 6.7 (P2, fraction of demand satisfied from the shelf); ' + SS + ', section 5.3 (type-2 service)', formula='simple: sigma_L*G(z) = (1-beta)*Q; exact (normal demand, backorders, no undershoot): sigma_L*(G(z) - G(z + Q/sigma_L)) = (1-beta)*Q', cases=[fr(200, 50, .95), fr(200, 50, .99), fr(60, 50, .95), fr(328.5, 43.3012701892, .98), fr(30, 12, .9)],
  forward=[dict(r=r, Q=Q, mean=m, sigma_L=s, z=(r - m) / s, fill_rate_simple=1 - s * G((r - m) / s) / Q, fill_rate_exact=1 - s * (G((r - m) / s) - G((r + Q - m) / s)) / Q, cycle_service=N.cdf((r - m) / s)) for r, Q, m, s in ((126.8, 328.5, 108.333333333, 43.3012701892), (120, 100, 100, 25), (20, 15, 18, 6))])
# ---- (r,Q)
h, p, K, lam, tau, L = .225, 7.5, 8, 1300, 150, 1 / 12; m, s = lam * L, tau * math.sqrt(L); gn = lambda y: h * (y - m) + (h + p) * s * G((y - m) / s)
def grq(r, Q): n2 = lambda a: s * s * G2((a - m) / s); return (K * lam + h * ((r + Q - m) ** 2 - (r - m) ** 2) / 2 + (h + p) * (n2(r) - n2(r + Q))) / Q   # integral of the newsvendor cost in closed form
num = (K * lam + integrate.quad(gn, 126.8, 126.8 + 328.5)[0]) / 328.5
rQ = lambda Q: brentq(lambda r: gn(r) - gn(r + Q), m - 10 * s - Q, m + 8 * s, xtol=1e-12)
Qs = minimize_scalar(lambda Q: grq(rQ(Q), Q), bounds=(200, 600), method='bounded', options=dict(xatol=1e-10)).x; opt = (rQ(Qs), Qs)
def eil():
    Q = math.sqrt(2 * K * lam / h)
    for _ in range(500): r = m + s * N.ppf(1 - Q * h / (p * lam)); Q = math.sqrt(2 * lam * (K + p * s * G((r - m) / s)) / h)
    return r, Q, h * (r - m + Q / 2) + K * lam / Q + p * lam * s * G((r - m) / s) / Q
def lossappr():
    Q = math.sqrt(2 * K * lam / h)
    for _ in range(2000): r = m + s * brentq(lambda z: s * G(z) - h * Q / (h + p), -8, 8, xtol=1e-14); Q = math.sqrt(2 * (K * lam + (h + p) * s * s * G2((r - m) / s)) / h)
    return r, Q
EI, LA = eil(), lossappr(); QB = math.sqrt(2 * K * lam * (h + p) / (h * p)); Qe = math.sqrt(2 * K * lam / h)
def pois_cost(r, Q, h, p, K, lam, L): F = stats.poisson(lam * L); g = lambda y: h * dloss(F, y)[1] + p * dloss(F, y)[0]; return (K * lam + sum(g(y) for y in range(r + 1, r + Q + 1))) / Q
pe = min(((pois_cost(r, Q, 20, 150, 100, 1.5, 2), r, Q) for r in range(-2, 12) for Q in range(1, 15)))
out['rq'] = dict(source=SS + ', ch. 5, Examples 5.1-5.8', params=dict(h=h, p=p, K=K, demand=lam, sd=tau, lead_time='1/12', lead_time_mean=m, lead_time_sd=s), formula='g(r,Q) = (K*lambda + integral_r^{r+Q} g(y) dy)/Q, g(y) = h*E[(y-D)+] + p*E[(D-y)+]; best r for Q: g(r) = g(r+Q)',
  cost_at_126_8_328_5=dict(closed_form=grq(126.8, 328.5), quadrature=num, published=pub(grq(126.8, 328.5), 78.07116250928294, 1e-6, 'rq cost')), best_r_for_Q_300=dict(r=rQ(300), published=pub(rQ(300), 129.4272799263067, 1e-5, 'r for Q')), exact_optimum=dict(r=opt[0], Q=opt[1], cost=grq(*opt)),
  eil_approximation=dict(r=EI[0], Q=EI[1], approximate_cost=EI[2], true_cost=grq(*EI[:2]), published=pub(EI, (213.97044213580244, 318.5901810768729, 95.45114022285196), 1e-5, 'eil')), eoqb_approximation=dict(Q=QB, r=rQ(QB), cost=grq(rQ(QB), QB), published=pub((rQ(QB), QB), (128.63781442427097, 308.5737801203754), 1e-5, 'eoqb')),
  eoq_plus_ss=dict(Q=Qe, r=m + s * N.ppf(p / (p + h)), cost=grq(m + s * N.ppf(p / (p + h)), Qe), published=pub((m + s * N.ppf(p / (p + h)), Qe), (190.3369965715624, 304.0467800264368), 1e-8, 'eoqss')), loss_function_approximation=dict(r=LA[0], Q=LA[1], cost=grq(*LA), published=pub(LA, (126.8670634479628, 328.4491421980451), 1e-4, 'loss appr')),
  poisson_exact=dict(h=20, p=150, K=100, demand=1.5, lead_time=2, r=pe[1], Q=pe[2], cost=pe[0], published=pub((pe[1], pe[2], pe[0]), (3, 5, 107.92358063314975), 1e-9, 'rq poisson')))
# ---- (s,S)
def ss_cost(s, S, h, p, K, F):
    D = S - s; pm = F.pmf(np.arange(0, 2000)); g = lambda y: h * dloss(F, y)[1] + p * dloss(F, y)[0]; M = [1 / (1 - pm[0])]
    for j in range(1, D): M.append(sum(pm[k] * M[j - k] for k in range(1, j + 1)) / (1 - pm[0]))
    return (K + sum(M[j] * g(S - j) for j in range(D))) / sum(M)
def markov(s, S, h, p, K, F):     # independent check: stationary distribution of the inventory position after ordering
    st = list(range(s + 1, S + 1)); n = len(st); P = np.zeros((n, n)); order = np.zeros(n); tail = lambda d: float(F.sf(d - 1)) if d > 0 else 1.0
    for i, y in enumerate(st):
        for k in range(0, y - s): P[i, st.index(y - k)] += F.pmf(k)
        q = tail(y - s); P[i, n - 1] += q; order[i] = q
    A = np.vstack([P.T - np.eye(n), np.ones(n)]); pi = np.linalg.lstsq(A, np.r_[np.zeros(n), 1], rcond=None)[0]; return float(sum(pi[i] * (h * dloss(F, y)[1] + p * dloss(F, y)[0]) for i, y in enumerate(st)) + K * (pi @ order))
F6 = stats.poisson(6); bests = min((ss_cost(s, S, 1, 4, 5, F6), s, S) for s in range(-3, 12) for S in range(s + 1, 26))
F20 = stats.poisson(20); b20 = min((ss_cost(s, S, 1, 9, 64, F20), s, S) for s in range(5, 25) for S in range(s + 1, 75))
mu, sd, h, p, K = 50, 8, .18, .70, 2.5; Qp = 1.30 * mu ** .494 * (K / h) ** .506 * (1 + sd ** 2 / mu ** 2) ** .116; zp = math.sqrt(Qp / sd * h / p); sp = .973 * mu + sd * (.183 / zp + 1.063 - 2.192 * zp)
out['sS'] = dict(source=SS + ', section 4.4, Example 4.7; Zheng & Federgruen (1991); Ehrhardt & Mosier (1984) power approximation', formula='cost(s,S) = (K + sum_{j<S-s} M_j*g(S-j)) / sum_{j<S-s} M_j, M_0 = 1/(1-f(0)), M_j = sum_{k=1..j} f(k) M_{j-k}/(1-f(0)); review every period, lead time 0, order up to S when the position is <= s',
  poisson_6=dict(h=1, p=4, K=5, s=bests[1], S=bests[2], cost=bests[0], markov_check=markov(bests[1], bests[2], 1, 4, 5, F6), published=pub((bests[1], bests[2], bests[0]), (4, 10, 8.034111561471642), 1e-9, 'sS')), poisson_6_cost_of_other_pairs=[dict(s=a, S=b, cost=ss_cost(a, b, 1, 4, 5, F6), markov_check=markov(a, b, 1, 4, 5, F6)) for a, b in ((3, 10), (4, 12), (5, 9), (2, 8))],
  poisson_20=dict(h=1, p=9, K=64, s=b20[1], S=b20[2], cost=b20[0], markov_check=markov(b20[1], b20[2], 1, 9, 64, F20)), power_approximation=dict(h=h, p=p, K=K, mean=mu, sd=sd, Q=Qp, z=zp, s=sp, S=sp + Qp, published=pub((sp, sp + Qp), (40.19461695647407, 74.29017010980579), 1e-10, 'power')))
# ---- (R,S) with Poisson demand
F = stats.poisson(4 * (3 + 2)); out['RS_discrete'] = dict(source=SPT + ', section 6.10 (periodic review)', formula='S = smallest integer with P(demand over L+R <= S) >= service', poisson=[dict(mean_per_period=4, lead_time=3, review=2, service=c, S=int(F.ppf(c)), expected_backorders_end_of_interval=dloss(F, int(F.ppf(c)))[0]) for c in (.9, .95, .99)])
# ---- Wagner-Whitin and heuristics
def ww(K, h, d):
    n = len(d); f = [math.inf] * n + [0.0]; nx = [0] * n
    for t in range(n - 1, -1, -1):
        hold = 0.0
        for e in range(t + 1, n + 1):
            hold += h * (e - 1 - t) * d[e - 1]; c = K + hold + f[e]
            if c < f[t] - 1e-12: f[t], nx[t] = c, e
    q = [0] * n; t = 0
    while t < n: q[t] = sum(d[t:nx[t]]); t = nx[t]
    return q, f[0], f
def brute(K, h, d):
    n = len(d); best = math.inf
    for mask in itertools.product((0, 1), repeat=n - 1):
        o = [0] + [i + 1 for i, v in enumerate(mask) if v] + [n]; best = min(best, sum(K + sum(h * (j - a) * d[j] for j in range(a, b)) for a, b in zip(o, o[1:])))
    return best
def evaluate(q, K, h, d):
    inv = c = 0.0
    for a, b in zip(q, d): inv += a - b; c += (K if a > 0 else 0) + h * inv
    return c
def silver_meal(K, h, d):
    q = [0] * len(d); t = 0
    while t < len(d):
        hold, prev, e = 0.0, K, t + 1
        while e < len(d):
            hold += h * (e - t) * d[e]; cur = (K + hold) / (e - t + 1)
            if cur > prev: break
            prev = cur; e += 1
        q[t] = sum(d[t:e]); t = e
    return q
def luc(K, h, d):
    q = [0] * len(d); t = 0
    while t < len(d):
        hold, tot, e = 0.0, d[t], t + 1; prev = K / tot if tot else math.inf
        while e < len(d):
            hold += h * (e - t) * d[e]; tot += d[e]; cur = (K + hold) / tot
            if cur > prev: break
            prev = cur; e += 1
        q[t] = sum(d[t:e]); t = e
    return q
cs = []
for K, h, d in ((500, 2, [90, 120, 80, 70]), (54, .4, [10, 62, 12, 130, 154, 129, 88, 52, 124, 160, 238, 41]), (100, 1, [20, 50, 10, 50, 50, 10, 20, 40, 20, 30])):
    q, c, f = ww(K, h, d); assert abs(c - brute(K, h, d)) < 1e-9 and abs(c - evaluate(q, K, h, d)) < 1e-9; sm, lu = silver_meal(K, h, d), luc(K, h, d); cs.append(dict(K=K, h=h, demand=d, wagner_whitin=dict(orders=q, cost=c, cost_to_go=f[:-1]), silver_meal=dict(orders=sm, cost=evaluate(sm, K, h, d)), least_unit_cost=dict(orders=lu, cost=evaluate(lu, K, h, d)), lot_for_lot_cost=evaluate(d, K, h, d)))
pub(cs[0]['wagner_whitin']['orders'] + [cs[0]['wagner_whitin']['cost']], [210, 0, 150, 0, 1380.0], 1e-12, 'ww')
out['wagner_whitin'] = dict(source=SS + ', Example 3.9 (first case, orders 210,0,150,0, cost 1380); ' + SPT + ', ch. 5 (second case, K 54, h 0.4, 12 months; optimum 501.2); third case free', formula='f(t) = min_e K + h*sum (j-t)*d_j (j = t..e-1) + f(e); holding charged on end-of-period stock; every case checked by enumeration of all order plans', cases=cs)
pub(cs[1]['wagner_whitin']['cost'], 501.2, 1e-9, 'spt ww')
# ---- ABC / XYZ
items = [('P01', 120, 85.0, [10, 11, 9, 10, 10, 10, 11, 9, 10, 10, 10, 10]), ('P02', 960, 4.5, [80, 75, 90, 82, 78, 85, 79, 81, 77, 83, 76, 74]), ('P03', 36, 310.0, [0, 9, 0, 0, 6, 0, 0, 12, 0, 0, 9, 0]), ('P04', 2400, 2.1, [150, 180, 220, 260, 240, 210, 190, 170, 180, 200, 210, 190]), ('P05', 48, 22.0, [4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4]),
  ('P06', 300, 1.2, [5, 60, 10, 0, 80, 20, 15, 40, 0, 30, 25, 15]), ('P07', 15, 40.0, [0, 0, 5, 0, 0, 0, 0, 10, 0, 0, 0, 0]), ('P08', 720, 9.9, [40, 45, 50, 55, 60, 65, 70, 75, 70, 65, 65, 60]), ('P09', 84, 6.0, [7, 5, 9, 8, 6, 7, 7, 8, 6, 7, 7, 7]), ('P10', 200, 3.0, [200, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])]
rows = []; tot = sum(q * c for _, q, c, _ in items); cum = 0
for nme, q, c, mth in sorted(items, key=lambda r: -r[1] * r[2]):
    assert sum(mth) == q, nme
    before = cum / tot; cum += q * c; a = np.array(mth, float); cvp, cvs = a.std() / a.mean(), a.std(ddof=1) / a.mean()
    rows.append(dict(item=nme, quantity=q, unit_cost=c, value=q * c, share=q * c / tot, cumulative=cum / tot, abc='A' if before < .8 else 'B' if before < .95 else 'C', abc_cumulative_at_most='A' if cum / tot <= .8 else 'B' if cum / tot <= .95 else 'C', monthly=mth, cv_population=cvp, cv_sample=cvs, xyz='X' if cvp <= .5 else 'Y' if cvp <= 1 else 'Z'))
out['abc_xyz'] = dict(source=SPT + ' (ABC by cumulative annual value); XYZ by coefficient of variation, usual textbook cuts', rule='sort by value = quantity * unit cost, descending, ties in input order; abc: A while the cumulative share BEFORE the item is < 0.80, B while < 0.95, else C (the crossing item belongs to the better class); abc_cumulative_at_most: the stricter variant, share INCLUDING the item <= 0.80 / 0.95. xyz: cv of the 12 months with population sd, X <= 0.5, Y <= 1.0, Z above', total_value=tot, rows=rows, matrix={a + x_: [r['item'] for r in rows if r['abc'] + r['xyz'] == a + x_] for a in 'ABC' for x_ in 'XYZ'})
def r12(o):
    if isinstance(o, dict): return {str(k): r12(v) for k, v in o.items()}
    if isinstance(o, (list, tuple, np.ndarray)): return [r12(v) for v in o]
    if isinstance(o, (float, np.floating)): return float('%.13g' % o)
    return int(o) if isinstance(o, np.integer) else o
json.dump(r12(dict(generator=f'test/golden/generate/inventory.py (numpy {np.__version__}, scipy {scipy.__version__}); published numbers: worked examples of {SS} as documented by stockpyl', tolerance='1e-9 relative for closed forms and sums; 1e-5 for values that come out of a root search or an iteration (rq: r, Q)', **out)), open(f'{REF}/inventory.json', 'w'), separators=(',', ':'))
assert not bad, bad
