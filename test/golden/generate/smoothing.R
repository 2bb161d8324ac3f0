# Writes the values of R in ../ets-forms.json, ../theta-fixed.json and ../stl.json. Usage: Rscript smoothing.R (beside it)
# Needs forecast 8.20 and jsonlite. The series are those of ../ets-forms.json; inputs of the fixed recursions as well.
suppressMessages({library(forecast); library(jsonlite)})
given <- fromJSON("../ets-forms.json", simplifyVector = FALSE)
N <- as.numeric; Y <- function(k) ts(N(unlist(given$series[[k]]$y)), frequency = given$series[[k]]$m)
# 1. Recursions with given weights and states, through the package's own C code.
w <- given$weights
fixed <- lapply(given$fixed, function(q) {
  damped <- grepl("d", q$form); trend <- substr(q$form, 2, 2); season <- substr(q$form, nchar(q$form), nchar(q$form)); y <- Y(q$series)
  z <- forecast:::pegelsresid.C(y, m = frequency(y), init.state = N(unlist(q$initial)), errortype = substr(q$form, 1, 1), trendtype = trend,
    seasontype = season, damped = damped, alpha = w$alpha, beta = if (trend != "N") w$beta, gamma = if (season != "N") w$gamma,
    phi = if (damped) w$phi, nmse = 3)
  list(series = q$series, form = q$form, neg2loglik = z$lik, errors = N(z$e)[unlist(q$at)], last = N(tail(z$states, 1)))
})
# 2. Every admissible form at R's optimum.
optimised <- list()
for (k in c("air", "accdeaths", "ukgas", "sim_mam")) for (E in c("A", "M")) for (T in c("N", "A", "Ad")) for (Z in c("N", "A", "M")) {
  if (E == "A" && Z == "M") next
  f <- ets(Y(k), model = paste0(E, substr(T, 1, 1), Z), damped = T == "Ad")
  optimised[[k]][[paste0(E, T, Z)]] <- list(loglik = f$loglik, aicc = f$aicc, par = as.list(f$par), initial = N(f$initstate), sigma2 = f$sigma2)
}
# 3. Theta.
theta <- list()
for (k in c("air", "accdeaths", "ukgas", "sim_mam", "sim_arma")) {
  y <- Y(k); m <- frequency(y); h <- if (m == 1) 26 else 2 * m; f <- thetaf(y, h = h)
  theta[[k]] <- list(m = m, h = h, alpha = unname(f$model$alpha), drift = unname(f$model$drift), sigma2 = f$model$sigma, mean = N(f$mean))
}
# 4. Decompositions and forecasts by decomposition.
air <- log(Y("air")); parts <- function(z) lapply(as.data.frame(z$time.series), N)
stls <- list(air_log_periodic = parts(stl(air, s.window = "periodic")), air_log_s7 = parts(stl(air, s.window = 7)),
  air_log_s7_jump1 = parts(stl(air, s.window = 7, s.jump = 1, t.jump = 1, l.jump = 1)))
stlfs <- list()
for (k in list(list("air", identity), list("air", log), list("accdeaths", identity), list("ukgas", log))) for (method in c("ets", "naive")) {
  y <- k[[2]](Y(k[[1]])); f <- stlf(y, h = 2 * frequency(y), method = method)
  stlfs[[length(stlfs) + 1]] <- list(series = k[[1]], method = method, mean = N(f$mean), lower80 = N(f$lower[, 1]), upper95 = N(f$upper[, 2]))
}
write_json(list(fixed = fixed, optimised = optimised, theta = theta, stl = stls, mstl = as.list(as.data.frame(mstl(air))), stlf = stlfs),
  "smoothing-from-r.json", digits = NA, auto_unbox = TRUE)
