//! Reading a table: every mistake is listed, each with its line.

use std::fmt;

/// A table or story.
#[derive(Debug)]
pub struct Table {
    /// The file, for messages.
    pub name: String,
    /// The catalog that it is about.
    pub catalog: String,
    /// What is set differently in that catalog: a path in its file form, and the value there.
    pub settings: Vec<(String, String)>,
    /// Everybody who is named.
    pub people: Vec<String>,
    /// The lines that do or ask something.
    pub lines: Vec<Line>,
}

/// One line.
#[derive(Debug)]
pub struct Line {
    /// Counted from one.
    pub number: usize,
    /// As written.
    pub text: String,
    /// The requirement rows that it settles.
    #[allow(dead_code, reason = "the example does not count them")]
    pub rows: Vec<String>,
    /// What it says.
    pub what: What,
}

/// What a line says.
#[derive(Debug)]
pub enum What {
    /// This is carried out.
    Do(Step),
    /// This is refused, with this code.
    Refuse { step: Step, code: String },
    /// This is answered so.
    Ask { question: Question, answer: String },
    /// Exactly these roles hold the permission.
    Holds { permission: String, roles: Vec<String> },
    /// The catalog says so.
    Value { path: String, value: String },
    /// Show why (stories).
    #[allow(dead_code, reason = "tables have none")]
    Explain(Question),
}

/// Something done.
#[derive(Clone, Debug)]
pub struct Step {
    pub who: String,
    pub verb: String,
    pub arguments: Vec<String>,
    pub given: Given,
}

/// Something asked.
#[derive(Clone, Debug)]
pub struct Question {
    pub who: String,
    pub place: String,
    pub permission: String,
    pub given: Given,
}

/// What is known of the moment.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// Authenticated just now.
    pub fresh: bool,
    /// Showed a second factor.
    pub factor: bool,
    /// Signed in through this provider.
    pub via: Option<String>,
    /// These features are switched on.
    pub features: Vec<String>,
    /// Member of these other organizations.
    pub member_of: Vec<String>,
}

/// A mistake in a table.
#[derive(Debug)]
pub struct LineMistake {
    pub name: String,
    pub number: usize,
    pub message: String,
}

impl fmt::Display for LineMistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.name, self.number, self.message)
    }
}

/// Verbs of steps: how many arguments each needs before `key=value` ones, how many it takes, and which keys it knows
/// (`*` is a workspace).
const VERBS: &[(&str, usize, usize, &[&str])] = &[
    ("sign-up", 2, 2, &[]),
    ("create-organization", 2, 2, &["plan", "seats"]),
    ("use", 1, 1, &[]),
    ("wait", 1, 1, &[]),
    ("create-workspace", 2, 2, &[]),
    ("invite", 1, 1, &["role", "as", "until", "*"]),
    ("accept", 0, 1, &["for", "as", "secret"]),
    ("revoke", 1, 1, &[]),
    ("change-roles", 1, 1, &["role"]),
    ("give-access", 1, 1, &["until", "*"]),
    ("take-access", 2, 2, &[]),
    ("suspend", 1, 1, &[]),
    ("reactivate", 1, 1, &[]),
    ("remove", 1, 1, &["content"]),
    ("create-team", 2, 2, &[]),
    ("join-team", 2, 2, &[]),
    ("leave-team", 2, 2, &[]),
    ("set-rule", 2, usize::MAX, &["until"]),
    ("status", 1, 1, &[]),
    ("resource", 1, 1, &["in", "owner", "inside"]),
    ("share", 1, 1, &["to", "level", "until"]),
];

/// Codes of denials and refusals, each with its number: the same file that pins them.
const CODES: &str = include_str!("../codes.txt");

/// Verbs whose first argument is a person; in `join-team` and `leave-team` it is the second.
const ABOUT_PEOPLE: &[(&str, usize)] = &[
    ("invite", 0),
    ("revoke", 0),
    ("change-roles", 0),
    ("give-access", 0),
    ("take-access", 0),
    ("suspend", 0),
    ("reactivate", 0),
    ("remove", 0),
    ("join-team", 1),
    ("leave-team", 1),
];

const DIRECTIVES: &[&str] =
    &["catalog", "set", "people", "do", "refuse", "holds", "value", "use", "wait", "resource", "share", "explain"];

impl Table {
    /// Reads a table, or lists everything that is wrong with it.
    pub fn parse(name: &str, text: &str) -> Result<Self, Vec<LineMistake>> {
        let mut table = Self {
            name: name.into(),
            catalog: String::new(),
            settings: vec![],
            people: vec!["platform".into()],
            lines: vec![],
        };
        let mut reader = Reader {
            mistakes: Vec::new(),
            places: vec!["org".into()],
            resources: Vec::new(),
            organizations: Vec::new(),
            name: name.into(),
        };
        for (at, line) in text.lines().enumerate() {
            if line.split('#').next().unwrap_or_default().matches('"').count() % 2 == 1 {
                reader.wrong(at + 1, "a `\"` is not closed".into());
            }
            let words = words(line);
            if let Some((first, rest)) = words.split_first() {
                reader.line(&mut table, at + 1, line, first, rest);
            }
        }
        if table.catalog.is_empty() {
            reader.wrong(1, "the line `catalog NAME` is missing".into());
        }
        if reader.mistakes.is_empty() { Ok(table) } else { Err(reader.mistakes) }
    }
}

struct Reader {
    mistakes: Vec<LineMistake>,
    /// Workspaces and resources named so far.
    places: Vec<String>,
    /// Resources and their containers.
    resources: Vec<String>,
    organizations: Vec<String>,
    name: String,
}

impl Reader {
    fn wrong(&mut self, number: usize, message: String) {
        self.mistakes.push(LineMistake { name: self.name.clone(), number, message });
    }

    fn line(&mut self, table: &mut Table, number: usize, text: &str, first: &str, rest: &[String]) {
        match first {
            "catalog" => table.catalog = rest.first().cloned().unwrap_or_default(),
            "people" => table.people.extend_from_slice(rest),
            "set" => match rest {
                [path, value] => table.settings.push((path.clone(), value.clone())),
                _ => self.wrong(number, "the line should read `set PATH VALUE`".into()),
            },
            _ => {
                if let Some((rows, what)) = self.what(table, number, first, rest) {
                    table.lines.push(Line { number, text: text.into(), rows, what });
                }
            }
        }
    }

    fn what(&mut self, table: &Table, number: usize, first: &str, rest: &[String]) -> Option<(Vec<String>, What)> {
        let (rows, rest) = match rest.split_first() {
            Some((row, rest)) if is_row(row) => (rows_of(row), rest),
            _ => (Vec::new(), rest),
        };
        let what = match first {
            "do" => What::Do(self.step(table, number, rest)?),
            "refuse" => {
                let (code, rest) = self.split(number, rest, "refuse [ROW] CODE WHO VERB …")?;
                self.known_code(number, code);
                What::Refuse { step: self.step(table, number, rest)?, code: code.clone() }
            }
            "use" | "wait" | "resource" | "share" => {
                let mut step = vec!["platform".to_owned(), first.to_owned()];
                step.extend_from_slice(rest);
                What::Do(self.step(table, number, &step)?)
            }
            "holds" => {
                let (permission, roles) = self.split(number, rest, "holds [ROW] PERMISSION ROLE …")?;
                What::Holds { permission: permission.clone(), roles: roles.to_vec() }
            }
            "value" => match rest {
                [path, value] => What::Value { path: path.clone(), value: value.clone() },
                _ => return self.shape(number, "value [ROW] PATH VALUE"),
            },
            "explain" => What::Explain(self.question(table, number, rest)?.0),
            row if is_row(row) => {
                let (question, answer) = self.question(table, number, rest)?;
                let answer = match answer.as_slice() {
                    [word] if word == "allow" || word == "step_up" => word.clone(),
                    [deny, code] if deny == "deny" => {
                        self.known_code(number, code);
                        code.clone()
                    }
                    _ => return self.shape(number, "an answer is `allow`, `step_up` or `deny CODE`"),
                };
                return Some((rows_of(row), What::Ask { question, answer }));
            }
            other => {
                let meant = nearest_of(other, DIRECTIVES.iter().copied());
                self.wrong(number, format!("unknown line `{other}`{}", suggestion(meant)));
                return None;
            }
        };
        Some((rows, what))
    }

    fn step(&mut self, table: &Table, number: usize, words: &[String]) -> Option<Step> {
        let (words, given) = self.given(number, words);
        let [who, verb, arguments @ ..] = words.as_slice() else { return self.shape(number, "WHO VERB …") };
        self.known_person(table, number, who);
        let Some((_, least, most, keys)) = VERBS.iter().find(|(known, ..)| known == verb) else {
            let meant = nearest_of(verb, VERBS.iter().map(|(verb, ..)| *verb));
            self.wrong(number, format!("unknown verb `{verb}`{}", suggestion(meant)));
            return None;
        };
        let plain = arguments.iter().filter(|argument| !argument.contains('=')).count();
        if plain < *least {
            self.wrong(number, format!("`{verb}` needs {least} arguments"));
            return None;
        }
        if plain > *most {
            self.wrong(number, format!("`{verb}` takes {most} arguments, and then `key=value`"));
        }
        if verb == "give-access" && plain == arguments.len() {
            self.wrong(number, "`give-access` needs a workspace, such as `prod=developer` or `prod=own`".into());
        }
        for (key, value) in arguments.iter().filter_map(|argument| argument.split_once('=')) {
            self.known_option(table, number, keys, key, value);
        }
        for (_, at) in ABOUT_PEOPLE.iter().filter(|(about, _)| about == verb) {
            if let Some(person) = arguments.get(*at) {
                self.known_person(table, number, person);
            }
        }
        self.note_places(number, verb, arguments);
        Some(Step { who: who.clone(), verb: verb.clone(), arguments: arguments.to_vec(), given })
    }

    /// A `key=value` that the verb knows, about somebody or something that there is.
    fn known_option(&mut self, table: &Table, number: usize, keys: &[&str], key: &str, value: &str) {
        if !keys.contains(&key) {
            if keys.contains(&"*") && (key == "nowhere" || self.places.iter().any(|place| place == key)) {
                return;
            }
            let workspaces = self.places.iter().filter(|_| keys.contains(&"*")).map(String::as_str);
            let meant = nearest_of(key, keys.iter().copied().chain(workspaces)).map(str::to_owned);
            self.wrong(number, format!("`{key}=` means nothing here{}", suggestion(meant.as_deref())));
        }
        match (key, value.split_once(':')) {
            ("to", Some(("user", person))) => self.known_person(table, number, person),
            ("to", Some(("organization", name))) => self.known_organization(number, name),
            ("owner", _) => self.known_person(table, number, value),
            ("in", _) => self.known_place(number, value),
            ("content", _) if value != "stays" => self.known_person(table, number, value),
            _ => {}
        }
    }

    fn known_code(&mut self, number: usize, code: &str) {
        let codes = || CODES.lines().filter_map(|line| line.split_whitespace().nth(1));
        if !codes().any(|known| known == code) {
            self.wrong(number, format!("there is no code `{code}`{}", suggestion(nearest_of(code, codes()))));
        }
    }

    fn known_organization(&mut self, number: usize, name: &str) {
        if name != "nowhere" && !self.organizations.iter().any(|known| known == name) {
            let meant = nearest_of(name, self.organizations.iter().map(String::as_str)).map(str::to_owned);
            self.wrong(number, format!("no organization is called `{name}`{}", suggestion(meant.as_deref())));
        }
    }

    /// Keeps what a step names, and looks up what it speaks of.
    fn note_places(&mut self, number: usize, verb: &str, arguments: &[String]) {
        let place = |at: usize| arguments.get(at).cloned().unwrap_or_default();
        match verb {
            "create-workspace" => self.places.push(place(0)),
            "resource" => {
                self.places.push(place(0));
                self.resources.push(place(0));
                let containers = arguments.iter().filter_map(|argument| argument.strip_prefix("inside="));
                self.resources.extend(containers.flat_map(|names| names.split(',')).map(str::to_owned));
            }
            "sign-up" | "create-organization" => {
                self.places.push("default".into());
                self.organizations.push(place(0));
            }
            "use" => self.known_organization(number, &place(0)),
            "share" if !self.resources.contains(&place(0)) => {
                let meant = nearest_of(&place(0), self.resources.iter().map(String::as_str)).map(str::to_owned);
                self.wrong(number, format!("no resource is called `{}`{}", place(0), suggestion(meant.as_deref())));
            }
            "take-access" => self.known_place(number, &place(1)),
            "set-rule" => self.known_place(number, &place(0)),
            _ => {}
        }
    }

    fn question(&mut self, table: &Table, number: usize, words: &[String]) -> Option<(Question, Vec<String>)> {
        let (words, given) = self.given(number, words);
        let [who, place, permission, answer @ ..] = words.as_slice() else {
            return self.shape(number, "ROW WHO WHERE PERMISSION ANSWER");
        };
        if !who.starts_with("link:") {
            self.known_person(table, number, who);
        }
        self.known_place(number, place);
        let question = Question { who: who.clone(), place: place.clone(), permission: permission.clone(), given };
        Some((question, answer.to_vec()))
    }

    /// Splits off what follows `given`.
    fn given(&mut self, number: usize, words: &[String]) -> (Vec<String>, Given) {
        let at = words.iter().position(|word| word == "given").unwrap_or(words.len());
        let (words, rest) = words.split_at(at);
        let mut given = Given::default();
        for word in rest.iter().skip(1) {
            match word.split_once('=') {
                None if word == "fresh" => given.fresh = true,
                None if word == "factor" => given.factor = true,
                Some(("via", provider)) => given.via = Some(provider.into()),
                Some(("feature", feature)) => given.features.push(feature.into()),
                Some(("member", organization)) => {
                    self.known_organization(number, organization);
                    given.member_of.push(organization.into());
                }
                _ => self
                    .wrong(number, format!("`{word}` after `given`; there are fresh, factor, via=, feature=, member=")),
            }
        }
        (words.to_vec(), given)
    }

    fn known_person(&mut self, table: &Table, number: usize, who: &str) {
        if !table.people.iter().any(|person| person == who) {
            let meant = nearest_of(who, table.people.iter().map(String::as_str));
            self.wrong(number, format!("nobody is called `{who}`{}", suggestion(meant)));
        }
    }

    fn known_place(&mut self, number: usize, place: &str) {
        if place != "nowhere" && !self.places.iter().any(|known| known == place) {
            let meant = nearest_of(place, self.places.iter().map(String::as_str)).map(str::to_owned);
            self.wrong(number, format!("no place is called `{place}`{}", suggestion(meant.as_deref())));
        }
    }

    fn split<'w>(&mut self, number: usize, words: &'w [String], shape: &str) -> Option<(&'w String, &'w [String])> {
        let split = words.split_first();
        if split.is_none() {
            self.wrong(number, format!("the line should read `{shape}`"));
        }
        split
    }

    fn shape<T>(&mut self, number: usize, shape: &str) -> Option<T> {
        self.wrong(number, format!("the line should read `{shape}`"));
        None
    }
}

fn suggestion(meant: Option<&str>) -> String {
    meant.map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default()
}

/// The name that was probably meant.
pub fn nearest_of<'n>(written: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    bailiwick::document::nearest(written, known)
}

/// Whether a word names requirement rows: `S1-75`, `C-09`, or several joined by commas.
fn is_row(word: &str) -> bool {
    word.split(',').all(|row| {
        let Some((family, number)) = row.split_once('-') else { return false };
        matches!(family, "S0" | "S1" | "S2" | "S3" | "C" | "D")
            && number.len() >= 2
            && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

fn rows_of(word: &str) -> Vec<String> {
    word.split(',').map(str::to_owned).collect()
}

/// The words of a line: split at spaces, `"…"` kept together, everything after `#` dropped.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted, mut begun) = (Vec::new(), String::new(), false, false);
    for letter in line.chars() {
        match letter {
            '"' => (quoted, begun) = (!quoted, true),
            '#' if !quoted && !begun => break,
            letter if letter.is_whitespace() && !quoted => {
                if begun {
                    words.push(std::mem::take(&mut word));
                }
                begun = false;
            }
            letter => {
                word.push(letter);
                begun = true;
            }
        }
    }
    if begun {
        words.push(word);
    }
    words
}
