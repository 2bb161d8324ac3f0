import type { ExpandedArma } from './polynomial.ts';

/** Room for the start of the recursion: what it says is in units of the variance of the errors. */
export interface StartCovariance {
  /** Fills `column` with Cov(state(t+1), w(t)) and answers Var(w); NaN when that has lost its digits. */
  into(column: Float64Array): number;
}

/**
 * The first column of the state's stationary covariance, moved one period on: all that the Chandrasekhar recursion
 * needs to start. The autocovariances of the autoregression come from stepping down to its partial autocorrelations
 * and up again (Durbin and Levinson, both ways, p*^2 operations), those of the model from its few moving-average lags.
 */
export function startCovariance(arma: ExpandedArma, r: number): StartCovariance {
  const phi = arma.ar.dense;
  const theta = arma.ma.dense;
  const arLags = arma.ar.lags;
  const maLags = arma.ma.lags;
  const p = arLags.at(-1) ?? 0;
  const q = maLags.at(-1) ?? 0;
  const most = Math.max(p, 1) + q;
  // Row j - 1 holds the coefficients of the autoregression of order j, at j (j - 1) / 2.
  const rows = new Float64Array((p * (p + 1)) / 2);
  const pure = new Float64Array(most + 1);
  const mixed = new Float64Array(Math.max(p, 1));
  const psi = new Float64Array(q + 1);
  // Products of the moving average with itself, by the distance of the lags.
  const pairs = new Float64Array(q + 1);
  const distances = lagDistances(maLags);

  const pureAutocovariances = (): boolean => {
    const last = (p * (p - 1)) / 2;
    for (let i = 0; i < p; i++) rows[last + i] = phi[i]!;
    let variance = 1;
    for (let j = p; j >= 1; j--) {
      const at = (j * (j - 1)) / 2;
      const partial = rows[at + j - 1]!;
      const rest = 1 - partial * partial;
      if (!(rest > 0)) return false;
      variance /= rest;
      const below = at - j + 1;
      if (partial === 0) for (let i = 0; i < j - 1; i++) rows[below + i] = rows[at + i]!;
      else
        for (let i = 0; i < j - 1; i++)
          rows[below + i] = (rows[at + i]! + partial * rows[at + j - 2 - i]!) / rest;
    }
    pure[0] = variance;
    for (let j = 1; j <= p; j++) {
      const at = (j * (j - 1)) / 2;
      let sum = 0;
      for (let i = 0; i < j; i++) sum += rows[at + i]! * pure[j - 1 - i]!;
      pure[j] = sum;
    }
    for (let h = p + 1; h <= most; h++) {
      let sum = 0;
      for (let i = 0; i < arLags.length; i++) sum += phi[arLags[i]! - 1]! * pure[h - arLags[i]!]!;
      pure[h] = sum;
    }
    return Number.isFinite(variance);
  };

  const errorsToValues = (): void => {
    psi[0] = 1;
    for (let h = 1; h <= q; h++) {
      let sum = theta[h - 1]!;
      for (let i = 0; i < arLags.length; i++) {
        const lag = arLags[i]!;
        if (lag > h) break;
        sum += phi[lag - 1]! * psi[h - lag]!;
      }
      psi[h] = sum;
    }
  };

  const mixedAutocovariances = (): void => {
    pairs.fill(0);
    let square = 1;
    for (let i = 0; i < maLags.length; i++) {
      const first = theta[maLags[i]! - 1]!;
      square += first * first;
      pairs[maLags[i]!]! += first;
      for (let j = i + 1; j < maLags.length; j++) {
        pairs[maLags[j]! - maLags[i]!]! += first * theta[maLags[j]! - 1]!;
      }
    }
    for (let h = 0; h < mixed.length; h++) {
      let sum = square * pure[h]!;
      for (let i = 0; i < distances.length; i++) {
        const lag = distances[i]!;
        sum += pairs[lag]! * (pure[h + lag]! + pure[Math.abs(h - lag)]!);
      }
      mixed[h] = sum;
    }
  };

  return {
    into(column) {
      if (!pureAutocovariances()) return Number.NaN;
      errorsToValues();
      mixedAutocovariances();
      for (let i = 0; i < r; i++) {
        let sum = 0;
        for (let k = 0; k < arLags.length; k++) {
          const j = arLags[k]! - 1;
          if (j >= i) sum += phi[j]! * mixed[j - i]!;
        }
        for (let k = 0; k < maLags.length; k++) {
          const j = maLags[k]!;
          if (j > i) sum += theta[j - 1]! * psi[j - i - 1]!;
        }
        column[i] = sum;
      }
      return mixed[0]!;
    },
  };
}

function lagDistances(lags: Int32Array): Int32Array {
  const found = new Set<number>(lags);
  for (const a of lags) for (const b of lags) if (b > a) found.add(b - a);
  return Int32Array.from(found).sort();
}
