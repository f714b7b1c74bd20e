//! The picture: an SVG that needs no fonts, no scripts, and reads on light and on dark.

use std::fmt::Write as _;

use crate::panel::{Kept, Line, Panel, Point, Section, short};
use crate::scale::Scale;

// All measures are in SVG user units, which browsers show as pixels.
const MARGIN: f64 = 28.0;
const COLUMNS: usize = 3;
const PANEL: (f64, f64) = (372.0, 252.0);
/// Around the lines of a panel: left, right, top, bottom.
const LEFT: f64 = 50.0;
const RIGHT: f64 = 58.0;
const TOP: f64 = 48.0;
const BOTTOM: f64 = 50.0;
const HEAD: f64 = 92.0;
const SECTION: f64 = 72.0;
/// Between two values that are written one above the other.
const APART: f64 = 14.0;

const STYLE: &str = "text{font:12px system-ui,sans-serif;fill:#374151}.name{font-size:20px;font-weight:600;fill:#111827}\
.section{font-size:16px;font-weight:600;fill:#111827}.question{font-size:13px;font-weight:600;fill:#111827}\
.quiet{fill:#6b7280}.tick{font-size:11px;fill:#6b7280}.value{font-size:11px;font-weight:600}\
.page{fill:#ffffff}.plot{fill:#f9fafb}.grid{stroke:#e5e7eb}.axis{stroke:#9ca3af}.rule{stroke:#e5e7eb}\
.line{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}\
.directory .line{stroke:#0d9488;stroke-width:2.5}.directory .dot{fill:#0d9488}.directory .value{fill:#0f766e}\
.organization .line{stroke:#d97706}.organization .dot{fill:#ffffff;stroke:#d97706;stroke-width:1.75}.organization .value{fill:#b45309}\
.hand .line{stroke:#94a3b8;stroke-dasharray:5 4}.hand .dot{fill:#94a3b8}.hand .value{fill:#64748b}\
@media(prefers-color-scheme:dark){text{fill:#d1d5db}.name,.section,.question{fill:#f9fafb}.quiet,.tick{fill:#9ca3af}\
.page{fill:#111827}.plot{fill:#172033}.grid{stroke:#2b3648}.axis{stroke:#6b7280}.rule{stroke:#374151}\
.directory .line{stroke:#2dd4bf}.directory .dot{fill:#2dd4bf}.directory .value{fill:#5eead4}\
.organization .line{stroke:#f59e0b}.organization .dot{fill:#111827;stroke:#f59e0b}.organization .value{fill:#fbbf24}\
.hand .line{stroke:#94a3b8}.hand .value{fill:#cbd5e1}}";

/// Draws sections below one another, their panels in a grid.
pub fn draw(sections: &[Section]) -> String {
    let mut picture = Picture { svg: String::new() };
    let width = 2.0 * MARGIN + COLUMNS as f64 * PANEL.0;
    let height = HEAD + sections.iter().map(height_of).sum::<f64>() + MARGIN;
    picture.put(format_args!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         role=\"img\" aria-label=\"What costs more as what grows\">\n<style>{STYLE}</style>\n\
         <rect class=\"page\" width=\"{width}\" height=\"{height}\"/>\n"
    ));
    picture.head();
    let mut y = HEAD;
    for section in sections {
        picture.section(y, width, section);
        y += height_of(section);
    }
    picture.svg.push_str("</svg>\n");
    picture.svg
}

fn height_of(section: &Section) -> f64 {
    SECTION + section.panels.len().div_ceil(COLUMNS) as f64 * PANEL.1
}

struct Picture {
    svg: String,
}

/// Where in the picture the lines of one panel are, and on which scales.
struct Frame<'s> {
    x: f64,
    y: f64,
    across: Scale,
    up: &'s Scale,
}

impl Frame<'_> {
    const WIDTH: f64 = PANEL.0 - LEFT - RIGHT;
    const HEIGHT: f64 = PANEL.1 - TOP - BOTTOM;

    fn right(&self) -> f64 {
        self.x + Self::WIDTH
    }

    fn bottom(&self) -> f64 {
        self.y + Self::HEIGHT
    }

    fn x_of(&self, size: f64) -> f64 {
        self.x + self.across.at(size) * Self::WIDTH
    }

    fn y_of(&self, cost: f64) -> f64 {
        self.bottom() - self.up.at(cost) * Self::HEIGHT
    }
}

impl Picture {
    fn head(&mut self) {
        self.text((MARGIN, MARGIN + 12.0), "name", "start", "What costs more as what grows?");
        let note = "Both axes are logarithmic: a level line does not grow, and equal steps are equal factors.";
        self.text((MARGIN, MARGIN + 34.0), "quiet", "start", note);
        let mut x = MARGIN;
        let y = MARGIN + 58.0;
        for kept in Kept::ALL {
            self.put(format_args!("<g class=\"{}\">", kept.class()));
            self.put(format_args!("<path class=\"line\" d=\"M{x} {y}h30\"/>"));
            self.dot(kept, (x + 15.0, y), None);
            self.svg.push_str("</g>");
            self.text((x + 38.0, y + 4.0), "", "start", kept.name());
            x += 70.0 + kept.name().len() as f64 * 6.6;
        }
        self.svg.push('\n');
    }

    fn section(&mut self, y: f64, width: f64, section: &Section) {
        let (line, right) = (y + 10.0, width - MARGIN);
        self.put(format_args!("<path class=\"rule\" d=\"M{MARGIN} {line}H{right}\"/>"));
        self.text((MARGIN, y + 38.0), "section", "start", section.title);
        self.text((MARGIN, y + 57.0), "quiet", "start", section.note);
        for (at, panel) in section.panels.iter().enumerate() {
            let (column, row) = (at % COLUMNS, at / COLUMNS);
            let (left, top) = (MARGIN + column as f64 * PANEL.0, y + SECTION + row as f64 * PANEL.1);
            // Panels about the same kind of cost have one scale, so that they can be compared.
            let alike = section.panels.iter().filter(|other| other.up == panel.up);
            let up = Scale::of_costs(alike.flat_map(Panel::points).map(|point| point.cost));
            let across = Scale::of_sizes(panel.points().map(|point| point.size), panel.across.ticks);
            self.panel(panel, (left, top), &Frame { x: left + LEFT, y: top + TOP, across, up: &up });
        }
    }

    fn panel(&mut self, panel: &Panel, (left, top): (f64, f64), frame: &Frame<'_>) {
        self.text((left, top + 18.0), "question", "start", panel.question);
        self.text((left, top + 35.0), "quiet", "start", panel.up.label);
        self.axes(panel, frame);
        for line in &panel.lines {
            self.line(panel, line, frame);
        }
        self.last_values(panel, frame);
        self.svg.push('\n');
    }

    fn axes(&mut self, panel: &Panel, frame: &Frame<'_>) {
        let (x, y, right, bottom) = (frame.x, frame.y, frame.right(), frame.bottom());
        let (width, height) = (Frame::WIDTH, Frame::HEIGHT);
        self.put(format_args!("<rect class=\"plot\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>"));
        for tick in &frame.up.ticks {
            let at = frame.y_of(*tick);
            self.put(format_args!("<path class=\"grid\" d=\"M{x} {at:.1}H{right}\"/>"));
            self.text((x - 6.0, at + 4.0), "tick", "end", &panel.up.unit.say(*tick));
        }
        for tick in &frame.across.ticks {
            let at = frame.x_of(*tick);
            self.put(format_args!("<path class=\"axis\" d=\"M{at:.1} {bottom}v4\"/>"));
            self.text((at, bottom + 17.0), "tick", "middle", &short(*tick));
        }
        self.put(format_args!("<path class=\"axis\" d=\"M{x} {bottom}H{right}\"/>"));
        self.text((x + width / 2.0, bottom + 34.0), "quiet", "middle", panel.across.label);
    }

    fn line(&mut self, panel: &Panel, line: &Line, frame: &Frame<'_>) {
        let at = |point: &Point| (frame.x_of(point.size as f64), frame.y_of(point.cost));
        self.put(format_args!("<g class=\"{}\"><path class=\"line\" d=\"", line.kept.class()));
        for (number, point) in line.points.iter().enumerate() {
            let (x, y) = at(point);
            self.put(format_args!("{}{x:.1} {y:.1}", if number == 0 { 'M' } else { 'L' }));
        }
        self.svg.push_str("\"/>");
        for point in &line.points {
            let says = format!("{}, {}: {}", line.name, point.size, panel.up.unit.say(point.cost));
            self.dot(line.kept, at(point), Some(&says));
        }
        self.svg.push_str("</g>");
    }

    fn dot(&mut self, kept: Kept, (x, y): (f64, f64), says: Option<&str>) {
        let radius = if kept == Kept::ByHand { 2 } else { 3 };
        self.put(format_args!("<circle class=\"dot\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius}\">"));
        if let Some(says) = says {
            self.put(format_args!("<title>{}</title>", escape(says)));
        }
        self.svg.push_str("</circle>");
    }

    /// The last value of each line, beside its end; lines that end close to one another share the room.
    fn last_values(&mut self, panel: &Panel, frame: &Frame<'_>) {
        let mut ends: Vec<(f64, f64, &Line, f64)> = panel
            .lines
            .iter()
            .filter_map(|line| line.points.last().map(|last| (line, last)))
            .map(|(line, last)| (frame.y_of(last.cost), frame.x_of(last.size as f64), line, last.cost))
            .collect();
        ends.sort_by(|one, other| other.0.total_cmp(&one.0));
        let mut below = frame.bottom() + APART;
        for (y, x, line, cost) in ends {
            let y = y.min(below - APART);
            below = y;
            self.put(format_args!("<g class=\"{}\">", line.kept.class()));
            self.text((x + 7.0, y + 4.0), "value", "start", &panel.up.unit.say(cost));
            self.svg.push_str("</g>");
        }
    }

    fn text(&mut self, (x, y): (f64, f64), class: &str, anchor: &str, text: &str) {
        let text = escape(text);
        self.put(format_args!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" class=\"{class}\" text-anchor=\"{anchor}\">{text}</text>"
        ));
    }

    fn put(&mut self, piece: std::fmt::Arguments<'_>) {
        self.svg.write_fmt(piece).unwrap();
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
