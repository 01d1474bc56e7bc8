//! `broken-box` and `box-outside-page`: coordinates are numbers, and lie on the page.

use super::{Document, Group, Kind, Problem, Problems};
use crate::messages::say;
use crate::read::xml::{Node, Tag};

/// Rounding: boxes may reach so far over the edge, in the unit of the page. Engines round and deskew.
const SLACK: f64 = 1.0;

#[derive(Default)]
pub struct Boxes {
    /// Width and height of the page that is open; none where it says nothing.
    page: Option<(f64, f64)>,
}

impl<'d> Group<'d> for Boxes {
    fn node(&mut self, document: &Document<'d>, node: &Node<'d>, out: &mut Problems) {
        let Node::Start(tag) = node else { return };
        match document.kind {
            Kind::Alto => self.alto(tag, out),
            Kind::Page => self.page(tag, out),
            _ => self.hocr(tag, out),
        }
    }

    fn finish(&mut self, _: &Document<'d>, _: &mut Problems) {}
}

impl Boxes {
    fn alto(&mut self, tag: &Tag, out: &mut Problems) {
        const NAMES: [&str; 4] = ["HPOS", "VPOS", "WIDTH", "HEIGHT"];
        // Engines give the space between words that overlap a negative width: it has no box of its own.
        if tag.name == "SP" {
            return;
        }
        let mut sides = [None; 4];
        for attribute in tag.attributes() {
            let Some(side) = NAMES.iter().position(|n| *n == attribute.name) else { continue };
            // An attribute left empty says nothing.
            if attribute.raw.trim().is_empty() {
                continue;
            }
            match number(attribute.raw) {
                Some(n) if side < 2 || n >= 0.0 => sides[side] = Some(n),
                _ => return out.push(broken(tag, attribute.name, attribute.raw)),
            }
        }
        let [x, y, width, height] = sides;
        if tag.name == "Page" {
            self.page = width.zip(height).filter(|(w, h)| *w > 0.0 && *h > 0.0);
        } else if let (Some(x), Some(y)) = (x, y) {
            self.inside(tag, [x, y, x + width.unwrap_or(0.0), y + height.unwrap_or(0.0)], out);
        }
    }

    fn page(&mut self, tag: &Tag, out: &mut Problems) {
        if tag.name == "Page" {
            let side = |name: &str| tag.get(name).and_then(|a| number(a.raw)).filter(|n| *n > 0.0);
            self.page = side("imageWidth").zip(side("imageHeight"));
            return;
        }
        if tag.name == "Point" {
            let side = |name: &str| tag.get(name).map_or(Some(0.0), |a| number(a.raw));
            match side("x").zip(side("y")) {
                Some((x, y)) => self.inside(tag, [x, y, x, y], out),
                None => out.push(broken(tag, "x, y", tag.text)),
            }
            return;
        }
        let Some(points) = tag.get("points").filter(|_| matches!(tag.name, "Coords" | "Baseline")) else { return };
        let mut around: Option<[f64; 4]> = None;
        for point in points.raw.split_ascii_whitespace() {
            let Some((x, y)) = point.split_once(',').and_then(|(x, y)| Some((number(x)?, number(y)?))) else {
                return out.push(broken(tag, "points", point));
            };
            let [x0, y0, x1, y1] = around.unwrap_or([x, y, x, y]);
            around = Some([x0.min(x), y0.min(y), x1.max(x), y1.max(y)]);
        }
        match around {
            Some(around) => self.inside(tag, around, out),
            None => out.push(broken(tag, "points", points.raw)),
        }
    }

    fn hocr(&mut self, tag: &Tag, out: &mut Problems) {
        let Some(title) = tag.get("title") else { return };
        let Some(properties) = title.raw.split(';').map(str::trim).find_map(|p| p.strip_prefix("bbox ")) else { return };
        let numbers: Vec<Option<f64>> = properties.split_ascii_whitespace().map(number).collect();
        let sides = match numbers[..] {
            [Some(x0), Some(y0), Some(x1), Some(y1)] if x0 <= x1 && y0 <= y1 => [x0, y0, x1, y1],
            _ => return out.push(broken(tag, "bbox", properties)),
        };
        if tag.get("class").is_some_and(|c| c.raw.split_ascii_whitespace().any(|c| c == "ocr_page")) {
            self.page = Some((sides[2], sides[3])).filter(|(w, h)| *w > 0.0 && *h > 0.0);
        } else {
            self.inside(tag, sides, out);
        }
    }

    fn inside(&self, tag: &Tag, [x0, y0, x1, y1]: [f64; 4], out: &mut Problems) {
        let Some((width, height)) = self.page else { return };
        let over = [
            (x1 - width, "box-outside-page.right"),
            (y1 - height, "box-outside-page.lower"),
            (-x0, "box-outside-page.left"),
            (-y0, "box-outside-page.upper"),
        ];
        if let Some((by, edge)) = over.into_iter().filter(|(by, _)| *by > SLACK).max_by(|a, b| a.0.total_cmp(&b.0)) {
            out.push(
                Problem::new(
                    "box-outside-page",
                    tag.range(),
                    say("box-outside-page.found", &[("element", &tag.name), ("by", &by), ("edge", &say(edge, &[]))]),
                )
                .because(format!("box:{x0},{y0},{x1},{y1}"))
                .because(format!("page:{width},{height}")),
            );
        }
    }
}

fn number(text: &str) -> Option<f64> {
    text.trim().parse().ok().filter(|n: &f64| n.is_finite())
}

fn broken(tag: &Tag, name: &str, said: &str) -> Problem {
    let said: String = said.chars().take(40).collect();
    Problem::new("broken-box", tag.range(), say("broken-box.found", &[("name", &name), ("element", &tag.name), ("said", &said)]))
}
