"""Writes ../trees.json: forests, boosting and single trees of scikit-learn 1.2.1 on rows from a congruential generator."""
import json, math, os
import numpy as np
from sklearn.ensemble import GradientBoostingRegressor, HistGradientBoostingRegressor, RandomForestRegressor
from sklearn.tree import DecisionTreeRegressor

state = 42
def u():
    global state
    state = (1664525 * state + 1013904223) % 4294967296
    return state / 4294967296

def z():
    total = 0.0
    for _ in range(12): total += u()
    return total - 6

X, y = [], []
for _ in range(2000):
    r = [u() for _ in range(8)]
    x = [5 + 10 * r[0], 1.0 + math.floor(52 * r[1]), 1.0 if r[2] < .2 else 0.0, 100 * r[3], 30 * r[4], 1.0 + math.floor(5 * r[5]), r[6], r[7]]
    f = 40 - 2.5 * x[0] + 8 * (x[1] >= 45) + 12 * x[2] * (1 if x[0] < 10 else .4) + .3 * x[3] + .004 * (x[4] - 15) ** 2 * (x[5] - 3) + 4 * (20 <= x[1] <= 30)
    X.append(x); y.append(f + 4 * z())
X, y = np.array(X), np.array(y)
Xa, ya, Xb, yb = X[:1500], y[:1500], X[1500:], y[1500:]

def errors(p): return dict(mae=float(np.mean(np.abs(p - yb))), rmse=float(np.sqrt(np.mean((p - yb) ** 2))))
def band(runs): return {k: [.97 * min(r[k] for r in runs), 1.03 * max(r[k] for r in runs)] for k in ('mae', 'rmse')}
def seeds(make): return band([errors(make(s).fit(Xa, ya).predict(Xb)) for s in range(1, 6)])

models = dict(
    rf_100_defaults=seeds(lambda s: RandomForestRegressor(100, random_state=s)),
    rf_100_leaf5_third=seeds(lambda s: RandomForestRegressor(100, min_samples_leaf=5, max_features=1 / 3, random_state=s)),
    rf_50_depth6=seeds(lambda s: RandomForestRegressor(50, max_depth=6, random_state=s)),
    hist_gb_200_lr005_l15=seeds(lambda s: HistGradientBoostingRegressor(learning_rate=.05, max_iter=200, max_leaf_nodes=15, random_state=s)),
    gb_100_depth3_sub08=seeds(lambda s: GradientBoostingRegressor(subsample=.8, random_state=s)),
    tree_depth4=seeds(lambda s: DecisionTreeRegressor(max_depth=4, random_state=s)),
)
# Boosting has no chance in it here: five subsamples of the training rows give the band a width.
parts = [[i for i in range(1500) if (i * 7 + k) % 10 != 0] for k in range(5)]
models['hist_gb_defaults'] = band([errors(HistGradientBoostingRegressor().fit(Xa[i], ya[i]).predict(Xb)) for i in parts])

levels = {}
for a in (.1, .5, .9):
    p = HistGradientBoostingRegressor(loss='quantile', quantile=a).fit(Xa, ya).predict(Xb)
    d = yb - p
    levels[str(a)] = dict(coverage=float(np.mean(yb <= p)), pinball=float(np.mean(np.maximum(a * d, (a - 1) * d))))

def nodes(model):
    t = model.tree_
    return [dict(feature=int(t.feature[i]), threshold=float(t.threshold[i]), left=int(t.children_left[i]), right=int(t.children_right[i]), value=float(t.value[i].ravel()[0]), n=int(t.n_node_samples[i])) for i in range(t.node_count)]

tx = [[1., 5.], [2., 3.], [3., 8.], [4., 1.], [5., 9.], [6., 2.], [7., 7.], [8., 4.], [9., 6.], [10., 0.], [11., 10.], [12., 11.]]
ty = [10., 12., 11., 20., 22., 21., 35., 33., 34., 50., 18., 49.]
small = DecisionTreeRegressor(max_depth=2, random_state=0).fit(tx, ty)
boosted = GradientBoostingRegressor(n_estimators=3, learning_rate=.5, max_depth=1, random_state=0).fit(tx, ty)
data = DecisionTreeRegressor(max_depth=3, random_state=0).fit(Xa, ya)

def r12(o):
    if isinstance(o, dict): return {k: r12(v) for k, v in o.items()}
    if isinstance(o, (list, tuple, np.ndarray)): return [r12(v) for v in o]
    return float('%.12g' % o) if isinstance(o, (float, np.floating)) else o

here = os.path.dirname(os.path.abspath(__file__))
json.dump(r12(dict(
    generator='test/golden/generate/trees.py (scikit-learn 1.2.1)',
    checksum=dict(sum_y=y.sum(), sum_y2=(y ** 2).sum(), column_sums=X.sum(0), final_state=state),
    assert_within=models,
    quantile=levels,
    exact_tree_small=dict(x=tx, y=ty, nodes=nodes(small), predictions=small.predict(tx), boosted=boosted.predict(tx)),
    exact_tree_data=dict(nodes=nodes(data), test=errors(data.predict(Xb))),
)), open(os.path.join(here, '..', 'trees.json'), 'w'), separators=(',', ':'))
