"""Writes ../intermittent.json: methods for intermittent demand, straight from their formulas, on simulated series."""
import json, math, os

def uniform(seed):
    while True:
        seed = (1664525 * seed + 1013904223) % 4294967296
        yield (seed + 0.5) / 4294967296

def series(seed, n, chance, mean_size, spread):
    """No demand, or 1 + a geometric size; `spread` flips between two size regimes."""
    u = uniform(seed); out = []
    for t in range(n):
        if next(u) > chance: out.append(0); next(u); continue
        mean = mean_size * (spread if (t // 40) % 2 else 1) - 1
        out.append(1 + int(math.log(next(u)) / math.log(mean / (1 + mean))))
    return out

def ses(x, a):
    l = x[0]
    for v in x: l += a * (v - l)
    return l

def level(y):
    p, last = [], 0
    for i, v in enumerate(y, 1):
        if v > 0: p.append(i - last); last = i
    return max(1, math.floor(sum(p) / len(p) + 0.5))

def adida(y, k, a):
    y = y[len(y) % k:]
    return ses([sum(y[i:i + k]) for i in range(0, len(y), k)], a) / k

def methods(y, a):
    d = [v for v in y if v > 0]; p, last = [], 0
    for i, v in enumerate(y, 1):
        if v > 0: p.append(i - last); last = i
    c = ses(d, a) / ses(p, a); k = level(y)
    return dict(alpha=a, croston=c, sba=c * (1 - a / 2), sbj=c * (1 - a / (2 - a)),
                tsb=ses(d, a) * ses([1 if v > 0 else 0 for v in y], a), level=k, adida=adida(y, k, a),
                imapa=sum(adida(y, j, a) for j in range(1, k + 1)) / k)

def negbin(y, average, persistence, weight, excess):
    """ln likelihood by lgamma, in the textbook's own parameters a = level b, b = 1 / excess."""
    b = 1 / excess; l = average; total = 0
    for v in y:
        a = l * b
        total += math.lgamma(a + v) - math.lgamma(a) - math.lgamma(v + 1) + a * math.log(b / (1 + b)) - v * math.log(1 + b)
        l = (1 - persistence) * average + (persistence - weight) * l + weight * v
    return dict(average=average, persistence=persistence, weight=weight, excess=excess, logLikelihood=total, level=l)

cases = dict(intermittent=series(11, 200, .4, 1.6, 1), lumpy=series(12, 200, .35, 5, 2.5), slow=series(13, 260, .08, 1.5, 1), steady=series(14, 120, .97, 9, 1.3))
out = dict(generator='test/golden/generate/intermittent.py (formulas of the papers on series of a linear congruential generator)', cases=[])
for name, y in cases.items():
    m = sum(y) / len(y)
    out['cases'].append(dict(name=name, y=y, methods=[methods(y, a) for a in (.05, .1, .2)],
        negbin=[negbin(y, m, .9, .1, .5), negbin(y, m * 1.5, .5, .3, 3.0), negbin(y, m, .99, .02, 1e-3)]))
here = os.path.dirname(os.path.abspath(__file__))
json.dump(out, open(os.path.join(here, '..', 'intermittent.json'), 'w'), separators=(',', ':'))
