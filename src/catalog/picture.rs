//! The permission matrix as a picture: an SVG that needs no fonts, no scripts, and reads on light and on dark.

use alloc::string::String;
use core::fmt::Write as _;

use super::{Cell, Matrix};

// All measures are in SVG user units, which browsers show as pixels.
const MARGIN: usize = 24;
const ROW: usize = 28;
const COLUMN_MIN: usize = 84;
/// Room for one letter of the 13-unit sans-serif that the picture asks for, on the wide side.
const LETTER: usize = 8;
const STYLE: &str = "text{font:13px system-ui,sans-serif;fill:#1f2937}.name{font-size:18px;font-weight:600}\
.head{font-weight:600}.scope{font-weight:600;fill:#0f766e}.line{stroke:#e5e7eb}.yes{fill:#0d9488}\
.no{stroke:#cbd5e1;stroke-width:2}.some{fill:#f59e0b}.page{fill:#ffffff}\
@media(prefers-color-scheme:dark){text{fill:#e5e7eb}.scope{fill:#5eead4}.line{stroke:#374151}.no{stroke:#4b5563}.page{fill:#111827}}";

impl Matrix {
    /// The matrix as a self-contained SVG: a dot where a role holds the row, a dash where it does not, a triangle where
    /// it holds some of it. Each row carries its permission keys as a tooltip.
    #[must_use]
    pub fn to_svg(&self) -> String {
        Picture::new(self).draw()
    }
}

struct Picture<'m> {
    matrix: &'m Matrix,
    first: usize,
    column: usize,
    svg: String,
}

impl<'m> Picture<'m> {
    fn new(matrix: &'m Matrix) -> Self {
        let room = |text: &str| text.chars().count().saturating_mul(LETTER);
        let titles = matrix.sections.iter().flat_map(|section| &section.rows).map(|row| room(&row.title));
        let first = titles.max().unwrap_or(0).saturating_add(MARGIN);
        let column = matrix.roles.iter().map(|role| room(role).saturating_add(16)).max().unwrap_or(0).max(COLUMN_MIN);
        Self { matrix, first, column, svg: String::new() }
    }

    fn draw(mut self) -> String {
        let rows: usize = self.matrix.sections.iter().map(|section| section.rows.len().saturating_add(1)).sum();
        let width = self.line_end().saturating_add(MARGIN);
        let height = rows.saturating_add(2).saturating_mul(ROW).saturating_add(MARGIN.saturating_mul(2));
        let name = escape(&self.matrix.name);
        self.put(format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
             role=\"img\" aria-label=\"Permission matrix of {name}\">\n<style>{STYLE}</style>\n\
             <rect class=\"page\" width=\"{width}\" height=\"{height}\"/>\n"
        ));
        let mut y = MARGIN.saturating_add(ROW / 2);
        self.text(MARGIN, y, "name", "start", &self.matrix.name);
        y = y.saturating_add(ROW);
        for (at, role) in self.matrix.roles.iter().enumerate() {
            self.text(self.center(at), y, "head", "middle", role);
        }
        for section in &self.matrix.sections {
            y = y.saturating_add(ROW);
            self.text(MARGIN, y, "scope", "start", section.title());
            for row in &section.rows {
                y = y.saturating_add(ROW);
                self.row(y, row);
            }
        }
        self.svg.push_str("</svg>\n");
        self.svg
    }

    fn row(&mut self, y: usize, row: &super::MatrixRow) {
        let (end, above) = (self.line_end(), y.saturating_sub(19));
        let keys = escape(&row.keys.join(", "));
        self.put(format_args!("<g><title>{keys}</title>"));
        self.put(format_args!("<line class=\"line\" x1=\"{MARGIN}\" y1=\"{above}\" x2=\"{end}\" y2=\"{above}\"/>"));
        self.text(MARGIN, y, "", "start", &row.title);
        for (at, cell) in row.cells.iter().enumerate() {
            self.cell(self.center(at), y.saturating_sub(5), *cell);
        }
        self.svg.push_str("</g>\n");
    }

    fn cell(&mut self, x: usize, y: usize, cell: Cell) {
        match cell {
            Cell::Yes => self.put(format_args!("<circle class=\"yes\" cx=\"{x}\" cy=\"{y}\" r=\"6\"/>")),
            Cell::No => {
                let (from, to) = (x.saturating_sub(5), x.saturating_add(5));
                self.put(format_args!("<line class=\"no\" x1=\"{from}\" y1=\"{y}\" x2=\"{to}\" y2=\"{y}\"/>"));
            }
            Cell::Partly => {
                let (left, right) = (x.saturating_sub(6), x.saturating_add(6));
                let (top, bottom) = (y.saturating_sub(6), y.saturating_add(5));
                self.put(format_args!("<path class=\"some\" d=\"M{x} {top}L{right} {bottom}H{left}Z\"/>"));
            }
        }
    }

    fn text(&mut self, x: usize, y: usize, class: &str, anchor: &str, text: &str) {
        let text = escape(text);
        self.put(format_args!("<text x=\"{x}\" y=\"{y}\" class=\"{class}\" text-anchor=\"{anchor}\">{text}</text>"));
    }

    fn center(&self, at: usize) -> usize {
        MARGIN.saturating_add(self.first).saturating_add(self.column.saturating_mul(at)).saturating_add(self.column / 2)
    }

    fn line_end(&self) -> usize {
        MARGIN.saturating_add(self.first).saturating_add(self.column.saturating_mul(self.matrix.roles.len()))
    }

    fn put(&mut self, piece: core::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = self.svg.write_fmt(piece);
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
