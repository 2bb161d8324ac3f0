"""Writes ../online.json: standard scaler and linear regression by gradient descent, one sample at a time."""
import json, math, os

def rows(n, seed=2024):
    def u():
        nonlocal seed
        seed = (1664525 * seed + 1013904223) % 4294967296
        return seed / 4294967296
    for _ in range(n):
        price = round(8 + 6 * u(), 2); promo = 1.0 if u() < .3 else 0.0; lag = round(60 * u(), 1)
        yield [price, promo, lag], round(70 - 4 * price + 9 * promo + .4 * lag + 3 * (u() - .5), 3)

n, mean, var, w, b, steps = 0, [0.0] * 3, [0.0] * 3, [0.0] * 3, 0.0, []
scale = lambda x: [(v - m) / math.sqrt(q) if q else 0.0 for v, m, q in zip(x, mean, var)]
predict = lambda x: sum(a * z for a, z in zip(w, scale(x))) + b
for x, y in rows(20):
    prediction = predict(x)
    n += 1
    for i, v in enumerate(x):
        old = mean[i]; mean[i] += (v - old) / n; var[i] += ((v - old) * (v - mean[i]) - var[i]) / n
    z, g = scale(x), 2 * (predict(x) - y)
    b -= .01 * g
    w = [a - .01 * g * c for a, c in zip(w, z)]
    steps.append(dict(x=x, y=y, prediction=prediction, weights=list(w), intercept=b, mean=list(mean), var=list(var)))
here = os.path.dirname(os.path.abspath(__file__))
json.dump(dict(generator='test/golden/generate/online.py (the formulas written out)', steps=steps), open(os.path.join(here, '..', 'online.json'), 'w'), separators=(',', ':'))
