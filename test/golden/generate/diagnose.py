"""Writes ../diagnose.json from the reference folder given: only series that may be passed on. Usage: diagnose.py FOLDER

The folder holds series.json (the series) and tests.json (statsmodels 0.13.5, scipy 1.10.1, R 4.2.2 with forecast 8.20,
tseries, lmtest, urca, car).
"""
import json, os, sys
folder = sys.argv[1]
series = json.load(open(os.path.join(folder, 'series.json'))); tests = json.load(open(os.path.join(folder, 'tests.json')))
FREE = ('air', 'air_log', 'air_dlog', 'accdeaths', 'ukgas', 'sim_arma', 'sim_mam')
out = dict(generator='test/golden/generate/diagnose.py; ' + tests['tool'], series={}, cases={},
           regressors={k: v['x'][:200] for k, v in series['meta']['regressors'].items()}, regression=tests['regression'])
for name in FREE:
    base = name.removesuffix('_dlog').removesuffix('_log')
    s = series['series'][base]
    out['series'][base] = s['y']
    out['cases'][name] = dict(series=base, transform=name[len(base) + 1:], m=tests['series'][name]['R']['m'], **{k: tests['series'][name][k] for k in ('python', 'R')})
here = os.path.dirname(os.path.abspath(__file__))
json.dump(out, open(os.path.join(here, '..', 'diagnose.json'), 'w'), separators=(',', ':'))
