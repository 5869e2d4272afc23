//! Plots of a backtest. Shapes tell the lines apart as well as colours do.

use plotters::prelude::*;
use plotters::series::DashedLineSeries;

use super::cannot_write;
use crate::base::error::Result;
use crate::tables::Scores;

const SIZE: (u32, u32) = (720, 480);
const FONT: &str = "sans-serif";
const OURS: RGBColor = RGBColor(0, 90, 160);
const THEIRS: RGBColor = RGBColor(190, 90, 0);

type Points = Vec<(f64, f64)>;

/// One line, its ends where there are any.
struct Line {
    name: String,
    points: Points,
    ends: Vec<(f64, f64, f64)>,
    is_ours: bool,
}

/// What is drawn.
struct Chart<'a> {
    file: &'static str,
    title: String,
    x: (&'a str, f64, f64),
    y: (&'a str, f64, f64),
    lines: Vec<Line>,
    diagonal: bool,
}

/// Mean forecast and what came, bin by bin.
pub(super) fn reliability(scores: &Scores) -> Result<String> {
    let points: Points = scores
        .reliability
        .iter()
        .map(|bin| (bin.mean_forecast, bin.observed))
        .collect();
    let ends = scores.reliability.iter();
    let ends: Vec<_> = ends
        .map(|bin| (bin.mean_forecast, bin.interval.0, bin.interval.1))
        .collect();
    let top = ends
        .iter()
        .flat_map(|end| [end.0, end.2])
        .fold(0.01, f64::max)
        * 1.05;
    draw(&Chart {
        file: "reliability.svg",
        title: title(scores, "forecast and what came, bins of equal number"),
        x: ("mean forecast", 0.0, top),
        y: ("share with an incident, 95 % interval", 0.0, top),
        lines: vec![Line {
            name: "model".to_owned(),
            points,
            ends,
            is_ours: true,
        }],
        diagonal: true,
    })
}

/// Share of cells with an incident that the riskiest share of the area holds.
pub(super) fn hit_rate(scores: &Scores) -> Result<String> {
    let line = |(name, points): &(&'static str, Points)| Line {
        name: (*name).to_owned(),
        points: points.clone(),
        ends: Vec::new(),
        is_ours: *name == "model",
    };
    let right = scores
        .hit_curve
        .iter()
        .flat_map(|(_, points)| points)
        .map(|point| point.0);
    draw(&Chart {
        file: "hit_rate.svg",
        title: title(scores, "what the riskiest part of the area holds"),
        x: ("share of the area", 0.0, right.fold(0.01, f64::max)),
        y: ("share of cells with an incident", 0.0, 1.0),
        lines: scores.hit_curve.iter().map(line).collect(),
        diagonal: true,
    })
}

/// Average precision by lead, with its interval over periods.
pub(super) fn skill(scores: &Scores) -> Result<String> {
    let slices = || scores.slices.iter().filter(|slice| slice.by == "lead");
    let mut names: Vec<&'static str> = slices().map(|slice| slice.forecast).collect();
    names.sort_unstable();
    names.dedup();
    let line = |name: &'static str| {
        let (mut points, mut ends) = (Points::new(), Vec::new());
        for slice in slices().filter(|slice| slice.forecast == name) {
            let at = slice
                .of
                .parse::<f64>()
                .ok()
                .zip(slice.average_precision.value);
            let Some((lead, value)) = at else { continue };
            points.push((lead, value));
            ends.extend(
                slice
                    .average_precision
                    .by_period
                    .map(|(lo, hi)| (lead, lo, hi)),
            );
        }
        Line {
            name: name.to_owned(),
            points,
            ends,
            is_ours: name == "model",
        }
    };
    let lines: Vec<Line> = names.into_iter().map(line).collect();
    let tops = lines
        .iter()
        .flat_map(|line| line.ends.iter().map(|end| end.2));
    let leads = lines
        .iter()
        .flat_map(|line| line.points.iter().map(|point| point.0));
    draw(&Chart {
        file: "skill.svg",
        x: ("periods ahead", 0.5, leads.fold(1.0, f64::max) + 0.5),
        y: (
            "average precision, 90 % interval",
            0.0,
            tops.fold(0.05, f64::max) * 1.1,
        ),
        title: format!(
            "{}; base rate {:.4}",
            title(scores, "skill by lead"),
            scores.base_rate
        ),
        lines,
        diagonal: false,
    })
}

fn title(scores: &Scores, what: &str) -> String {
    let notice = scores
        .notice
        .map_or(String::new(), |_| "SYNTHETIC, ".to_owned());
    format!("{notice}{}: {what}", scores.mission)
}

fn draw(chart: &Chart<'_>) -> Result<String> {
    let mut svg = String::new();
    paint(chart, &mut svg).map_err(cannot_write(chart.file))?;
    Ok(svg)
}

type Painted = std::result::Result<(), Box<dyn std::error::Error + Send + Sync>>;

fn paint(chart: &Chart<'_>, svg: &mut String) -> Painted {
    let root = SVGBackend::with_string(svg, SIZE).into_drawing_area();
    root.fill(&WHITE).map_err(told)?;
    let (x, y) = (chart.x.1..chart.x.2, chart.y.1..chart.y.2);
    let mut plane = ChartBuilder::on(&root)
        .caption(&chart.title, (FONT, 18))
        .margin(12)
        .x_label_area_size(40)
        .y_label_area_size(56)
        .build_cartesian_2d(x, y)
        .map_err(told)?;
    let mut mesh = plane.configure_mesh();
    mesh.x_desc(chart.x.0)
        .y_desc(chart.y.0)
        .draw()
        .map_err(told)?;
    if chart.diagonal {
        let end = chart.x.2.min(chart.y.2);
        let line = vec![(0.0, 0.0), (end, end)];
        let style = BLACK.mix(0.4).stroke_width(1);
        plane
            .draw_series(DashedLineSeries::new(line, 4, 4, style))
            .map_err(told)?;
    }
    for line in &chart.lines {
        let colour = if line.is_ours { OURS } else { THEIRS };
        let width = if line.is_ours { 3 } else { 1 };
        let drawn = plane.draw_series(LineSeries::new(
            line.points.clone(),
            colour.stroke_width(width),
        ));
        drawn
            .map_err(told)?
            .label(&line.name)
            .legend(move |(x, y)| {
                PathElement::new([(x, y), (x + 18, y)], colour.stroke_width(width))
            });
        let dots = line
            .points
            .iter()
            .map(|&at| Circle::new(at, 2 + width, colour.filled()));
        plane.draw_series(dots).map_err(told)?;
        let bars = line
            .ends
            .iter()
            .map(|&(x, lo, hi)| PathElement::new([(x, lo), (x, hi)], colour));
        plane.draw_series(bars).map_err(told)?;
    }
    let mut labels = plane.configure_series_labels();
    labels
        .border_style(BLACK)
        .background_style(WHITE.mix(0.8))
        .draw()
        .map_err(told)?;
    root.present().map_err(told)
}

fn told<E: std::error::Error>(error: E) -> Box<dyn std::error::Error + Send + Sync> {
    error.to_string().into()
}
