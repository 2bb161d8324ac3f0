"""Prints the robust decomposition in ../stl.json. Needs statsmodels 0.13 (R's robust fits take a wrong median for even n)."""
import json, math, os
from statsmodels.tsa.seasonal import STL

here = os.path.dirname(os.path.abspath(__file__))
air = [math.log(v) for v in json.load(open(os.path.join(here, '../ets-forms.json')))['series']['air']['y']]
fit = STL(air, period=12, seasonal=7, robust=True).fit()
print(json.dumps(dict(seasonal=list(fit.seasonal), trend=list(fit.trend), remainder=list(fit.resid))))
