//! A log-linear (logistic) model over named features: small enough to read, its weights a table a person can judge.
//!
//! A weights file is TSV, `name<TAB>value`, sorted by name; `#` opens a comment. Besides the features it holds `bias`
//! (log-odds of an empty row) and the two thresholds `threshold-review` and `threshold-safe` (probabilities).

use std::fmt::Write as _;

/// One feature of one case: index into the model's list of names, value.
pub type Feature = (u16, f32);

/// Weights in the order of the feature names it was loaded with.
#[derive(Clone, Debug, PartialEq)]
pub struct LogLinear {
    weights: Vec<f32>,
    bias: f32,
    /// From this probability on an edit is proposed for review.
    pub review: f32,
    /// From this probability on an edit is applied by default.
    pub safe: f32,
}

/// What is wrong with a weights file, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct WeightsError {
    /// 1-based; 0 when the file as a whole is meant.
    pub line: usize,
    pub message: String,
}

impl LogLinear {
    /// A model of given weights, in the order of the feature names.
    pub fn new(weights: Vec<f32>, bias: f32, review: f32, safe: f32) -> LogLinear {
        LogLinear { weights, bias, review, safe }
    }

    /// Reads a weights file. Every name must be one of `names`; a feature the file does not name weighs nothing.
    pub fn parse(tsv: &str, names: &[&str]) -> Result<LogLinear, WeightsError> {
        let mut model = LogLinear { weights: vec![0.0; names.len()], bias: 0.0, review: f32::NAN, safe: f32::NAN };
        for (number, row) in tsv.lines().enumerate() {
            let error = |message: String| WeightsError { line: number + 1, message };
            if row.is_empty() || row.starts_with('#') {
                continue;
            }
            let (name, value) = row.split_once('\t').ok_or_else(|| error("expected name<TAB>value".into()))?;
            let value: f32 = value.parse().map_err(|_| error(format!("`{value}` is not a number")))?;
            match name {
                "bias" => model.bias = value,
                "threshold-review" => model.review = value,
                "threshold-safe" => model.safe = value,
                _ => match names.iter().position(|n| *n == name) {
                    Some(i) => model.weights[i] = value,
                    None => return Err(error(format!("unknown feature `{name}`"))),
                },
            }
        }
        if model.review.is_nan() || model.safe.is_nan() {
            return Err(WeightsError { line: 0, message: "threshold-review and threshold-safe must be given".into() });
        }
        Ok(model)
    }

    /// The weights file of this model.
    pub fn to_tsv(&self, names: &[&str]) -> String {
        let mut rows: Vec<(&str, f32)> = names.iter().copied().zip(self.weights.iter().copied()).filter(|(_, w)| *w != 0.0).collect();
        rows.extend([("bias", self.bias), ("threshold-review", self.review), ("threshold-safe", self.safe)]);
        rows.sort_by_key(|(name, _)| *name);
        rows.iter().fold(String::new(), |mut tsv, (name, value)| {
            let _ = writeln!(tsv, "{name}\t{value:.4}");
            tsv
        })
    }

    /// The log-odds of a case.
    pub fn log_odds(&self, features: &[Feature]) -> f32 {
        features.iter().fold(self.bias, |sum, (i, value)| sum + self.weights[*i as usize] * value)
    }

    /// What one feature adds to the log-odds.
    pub fn contribution(&self, (i, value): Feature) -> f32 {
        self.weights[i as usize] * value
    }

    /// The log-odds when nothing is known.
    pub fn bias(&self) -> f32 {
        self.bias
    }

    /// Fits weights by penalized maximum likelihood (Newton steps on the full Hessian: exact and the same on every machine).
    ///
    /// `cases`: features, outcome and weight of each case. `penalty`: the L2 term λ/2·Σw², the bias excepted.
    /// The thresholds are left at 1 and have to be set from measured precision.
    pub fn fit(cases: &[Case], features: usize, penalty: f64) -> LogLinear {
        LogLinear::fit_around(cases, &vec![0.0; features + 1], 1e-9, penalty)
    }

    /// [`LogLinear::fit`] from known weights: the penalty is on what differs from them, the bias included, so that a few cases
    /// move little and none nothing. The thresholds stay.
    pub fn refit(&self, cases: &[Case], penalty: f64) -> LogLinear {
        let center: Vec<f64> = self.weights.iter().chain([&self.bias]).map(|w| f64::from(*w)).collect();
        LogLinear { review: self.review, safe: self.safe, ..LogLinear::fit_around(cases, &center, penalty, penalty) }
    }

    /// `center`: the weights without cases, the bias last.
    fn fit_around(cases: &[Case], center: &[f64], bias_penalty: f64, penalty: f64) -> LogLinear {
        let n = center.len();
        let features = n - 1;
        let mut w = center.to_vec();
        let mut loss = f64::INFINITY;
        let mut last_step = vec![0.0f64; n];
        for _ in 0..100 {
            let (mut gradient, mut hessian) = (vec![0.0f64; n], vec![0.0f64; n * n]);
            let mut new_loss = 0.0;
            let mut row: Vec<(usize, f64)> = Vec::new();
            for case in cases {
                row.clear();
                row.extend(case.features.iter().map(|(i, v)| (*i as usize, f64::from(*v))));
                row.push((features, 1.0));
                let z: f64 = row.iter().map(|(i, v)| w[*i] * v).sum();
                let p = 1.0 / (1.0 + (-z).exp());
                let weight = f64::from(case.weight);
                new_loss -= weight * if case.outcome { -(-z).exp().ln_1p() } else { -z.exp().ln_1p() };
                let residual = weight * (p - f64::from(u8::from(case.outcome)));
                let curvature = weight * p * (1.0 - p);
                for &(i, a) in &row {
                    gradient[i] += residual * a;
                    for &(j, b) in &row {
                        hessian[i * n + j] += curvature * a * b;
                    }
                }
            }
            for i in 0..n {
                let l2 = if i == features { bias_penalty } else { penalty };
                let moved = w[i] - center[i];
                gradient[i] += l2 * moved;
                hessian[i * n + i] += l2 + 1e-9;
                new_loss += 0.5 * l2 * moved * moved;
            }
            if new_loss > loss + 1e-7 * loss.abs().max(1.0) {
                // Too far: half the way back, as often as it takes.
                for (weight, s) in w.iter_mut().zip(&mut last_step) {
                    *s /= 2.0;
                    *weight += *s;
                }
                continue;
            }
            last_step = solve_symmetric(&mut hessian, gradient);
            for (weight, s) in w.iter_mut().zip(&mut last_step) {
                // A bounded step keeps Newton from jumping away where a feature separates the classes.
                *s = s.clamp(-2.0, 2.0);
                *weight -= *s;
            }
            if (loss - new_loss).abs() < 1e-7 * new_loss.abs().max(1.0) {
                break;
            }
            loss = new_loss;
        }
        let bias = w.pop().unwrap_or(0.0) as f32;
        LogLinear { weights: w.into_iter().map(|x| x as f32).collect(), bias, review: 1.0, safe: 1.0 }
    }
}

/// One labelled case for [`LogLinear::fit`].
#[derive(Clone, Debug)]
pub struct Case {
    pub features: Vec<Feature>,
    pub outcome: bool,
    /// 1 for an ordinary case.
    pub weight: f32,
}

/// The probability of log-odds.
pub fn probability(log_odds: f32) -> f32 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// Solves `a x = b` for a symmetric positive definite `a` (row-major n × n) by Cholesky decomposition in place.
fn solve_symmetric(a: &mut [f64], mut b: Vec<f64>) -> Vec<f64> {
    let n = b.len();
    for j in 0..n {
        for k in 0..j {
            let factor = a[j * n + k];
            for i in j..n {
                a[i * n + j] -= a[i * n + k] * factor;
            }
        }
        let pivot = a[j * n + j].max(1e-12).sqrt();
        for i in j..n {
            a[i * n + j] /= pivot;
        }
    }
    for i in 0..n {
        b[i] = (b[i] - (0..i).map(|k| a[i * n + k] * b[k]).sum::<f64>()) / a[i * n + i];
    }
    for i in (0..n).rev() {
        b[i] = (b[i] - (i + 1..n).map(|k| a[k * n + i] * b[k]).sum::<f64>()) / a[i * n + i];
    }
    b
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fit_finds_the_log_odds_of_a_table() {
        // 30 of 40 with the feature, 10 of 40 without: log-odds ln 3 and -ln 3.
        let case = |has: bool, outcome| Case { features: if has { vec![(0, 1.0)] } else { vec![] }, outcome, weight: 1.0 };
        let cases: Vec<Case> = (0..80).map(|i| case(i < 40, !(30..70).contains(&i))).collect();
        let model = LogLinear::fit(&cases, 1, 0.0);
        assert!((model.bias() + 3f32.ln()).abs() < 1e-3, "{model:?}");
        assert!((model.log_odds(&[(0, 1.0)]) - 3f32.ln()).abs() < 1e-3, "{model:?}");
    }

    #[test]
    fn without_cases_known_weights_stay() {
        let known = LogLinear::new(vec![1.5, -0.25], -2.0, 0.5, 0.97);
        assert_eq!(known.refit(&[], 1.0), known);
        let one = Case { features: vec![(0, 1.0)], outcome: true, weight: 1.0 };
        let moved = known.refit(&[one], 1.0);
        assert!(moved.weights[0] > 1.5 && moved.weights[0] < 2.5 && moved.weights[1] == -0.25, "{moved:?}");
    }

    #[test]
    fn weights_that_were_sure_of_the_wrong_thing_are_turned_round() {
        let sure = LogLinear::new(vec![9.0, 9.0], 9.0, 0.5, 0.97);
        let case = |i: usize| Case { features: vec![(0, 1.0), (1, (i % 3) as f32)], outcome: i.is_multiple_of(10), weight: 1.0 };
        let cases: Vec<Case> = (0..600).map(case).collect();
        let turned = sure.refit(&cases, 1.0);
        let expected: f32 = cases.iter().map(|c| probability(turned.log_odds(&c.features))).sum();
        // At the optimum the cases pull the bias as hard as the penalty holds it.
        assert!((expected - 60.0 - (9.0 - turned.bias())).abs() < 0.01, "{expected}: {turned:?}");
    }

    #[test]
    fn a_weights_file_survives_writing_and_reading() {
        let model = LogLinear { weights: vec![1.5, -0.25], bias: -2.0, review: 0.5, safe: 0.97 };
        let names = ["final-mark", "comma"];
        assert_eq!(LogLinear::parse(&model.to_tsv(&names), &names), Ok(model));
    }

    #[test]
    fn a_wrong_row_is_named() {
        let error = LogLinear::parse("bias\t0\nfinl-mark\t1\n", &["final-mark"]).unwrap_err();
        assert_eq!(error.to_string(), "line 2: unknown feature `finl-mark`");
    }
}
