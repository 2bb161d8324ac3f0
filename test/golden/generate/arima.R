# The parts `auto` and `kpss` of arima.json: R 4.2.2 with forecast 8.20 and urca.
#   auto: AICc and orders of the stepwise search with the exact likelihood
#   kpss: statistics at the lag rule of urca ("short"), ndiffs and nsdiffs
library(forecast)
chosen <- function(y) {
  fit <- auto.arima(y, approximation = FALSE)
  list(order = arimaorder(fit), aicc = fit$aicc)
}
print(chosen(log(AirPassengers)))
print(chosen(AirPassengers))
print(chosen(USAccDeaths))
print(chosen(log(UKgas)))
for (y in list(AirPassengers, USAccDeaths, UKgas)) {
  print(urca::ur.kpss(y, type = "mu", lags = "short")@teststat)
  print(urca::ur.kpss(y, type = "tau", lags = "short")@teststat)
  print(c(ndiffs(y), nsdiffs(y)))
}
# sim_arma and sim_mam: the same calls on `series` of arima.json, sim_mam as ts(y, frequency = 12).
