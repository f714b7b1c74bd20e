//! Reading a table: every mistake is listed, each with its line.

use std::fmt;

use super::ledger_words::{LEDGER_KEYS, LEDGER_SUBJECTS, LEDGER_VERBS};
use super::words::{KINDS, SUBJECTS, VERBS, has_shape};

/// A table or story.
#[derive(Debug)]
pub struct Table {
    /// The file, for messages.
    pub name: String,
    /// The catalog that it is about; where it is about a ledger alone, any.
    pub catalog: String,
    /// The ledger that it is about, where it is about nothing else: whose, and what is decided for it.
    pub ledger: Option<(String, Vec<(String, String)>)>,
    /// What is set differently in that catalog: a path in its file form, and the value there.
    pub settings: Vec<(String, String)>,
    /// What the crate must be built with, or the table says nothing.
    pub needs: Vec<String>,
    /// Everybody who is named.
    pub people: Vec<String>,
    /// The lines that do or ask something.
    pub lines: Vec<Line>,
    /// Lines that are comments, each with its number: what a story tells besides.
    pub remarks: Vec<(usize, String)>,
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
    /// Things stand so.
    State(State),
    /// Exactly these roles hold the permission.
    Holds { permission: String, roles: Vec<String> },
    /// The catalog says so.
    Value { path: String, value: String },
    /// Show why (stories).
    #[allow(dead_code, reason = "tables have none")]
    Explain(Question),
    /// Show who may do what at this point (stories).
    #[allow(dead_code, reason = "tables have none")]
    Show(Given),
}

/// Something done.
#[derive(Clone, Debug)]
pub struct Step {
    pub who: String,
    pub verb: String,
    pub arguments: Vec<String>,
    pub given: Given,
}

impl State {
    /// Whether it is enough that the words are among those of the answer.
    pub fn is_among(&self) -> bool {
        matches!(self.link.as_str(), "has" | "have")
    }
}

impl Step {
    /// An argument without `=`, by its place; empty where there is none.
    pub fn word(&self, at: usize) -> &str {
        self.plain().nth(at).unwrap_or_default()
    }

    /// The arguments without `=`.
    pub fn plain(&self) -> impl Iterator<Item = &str> {
        self.arguments.iter().filter(|argument| !argument.contains('=')).map(String::as_str)
    }

    /// The arguments of the form `key=value`.
    pub fn options(&self) -> impl Iterator<Item = (&str, &str)> {
        self.arguments.iter().filter_map(|argument| argument.split_once('='))
    }

    /// The value of a key.
    pub fn option(&self, key: &str) -> Option<&str> {
        self.options().find(|(known, _)| *known == key).map(|(_, value)| value)
    }

    /// The words that a value is made of.
    pub fn words_of(&self, key: &str) -> impl Iterator<Item = &str> {
        self.option(key).into_iter().flat_map(|value| value.split(','))
    }

    /// The words that a value is made of, as keys.
    pub fn list<'s, T: From<&'s str>>(&'s self, key: &str) -> Vec<T> {
        self.words_of(key).map(T::from).collect()
    }

    /// Whether a word stands among the arguments.
    pub fn has_flag(&self, flag: &str) -> bool {
        self.arguments.iter().any(|argument| argument == flag)
    }
}

/// Something asked.
#[derive(Clone, Debug)]
pub struct Question {
    pub who: String,
    pub place: String,
    pub permission: String,
    pub given: Given,
}

/// How things stand.
#[derive(Clone, Debug)]
pub struct State {
    /// What is asked for, such as `roles of vera`.
    pub subject: Vec<String>,
    /// `is`, `are`; or `has`, `have`, when it is enough that the words are among those of the answer.
    pub link: String,
    /// The words of the answer.
    pub value: Vec<String>,
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

/// Codes of denials and refusals, each with its number: the same file that pins them.
const CODES: &str = include_str!("../codes.txt");

const DIRECTIVES: &[&str] = &[
    "catalog", "ledger", "set", "needs", "people", "names", "do", "refuse", "may", "state", "holds", "value", "use",
    "wait", "at", "resource", "share", "explain", "show",
];

/// What nobody made: an id of nothing.
const NOWHERE: &str = "nowhere";

impl Table {
    /// Reads a table, or lists everything that is wrong with it.
    pub fn parse(name: &str, text: &str) -> Result<Self, Vec<LineMistake>> {
        Self::read(name, &numbered(text))
    }

    /// Reads a file of several tables. Each begins with its `catalog` or `ledger` line and knows nothing of the others.
    #[allow(dead_code, reason = "a story is one table")]
    pub fn parse_all(name: &str, text: &str) -> Result<Vec<Self>, Vec<LineMistake>> {
        let lines = numbered(text);
        let begins = |(_, line): &&(usize, &str)| matches!(line.split_whitespace().next(), Some("catalog" | "ledger"));
        let starts = lines.iter().filter(begins).map(|(number, _)| number - 1);
        let starts: Vec<usize> = [0].into_iter().chain(starts.skip(1)).chain([lines.len()]).collect();
        let (mut tables, mut mistakes) = (Vec::new(), Vec::new());
        for pair in starts.windows(2) {
            match Self::read(name, &lines[pair[0]..pair[1]]) {
                Ok(table) => tables.push(table),
                Err(found) => mistakes.extend(found),
            }
        }
        if mistakes.is_empty() { Ok(tables) } else { Err(mistakes) }
    }

    fn read(name: &str, lines: &[(usize, &str)]) -> Result<Self, Vec<LineMistake>> {
        let mut table = Self {
            name: name.into(),
            catalog: String::new(),
            ledger: None,
            settings: vec![],
            needs: vec![],
            people: vec!["platform".into(), "directory".into()],
            lines: vec![],
            remarks: vec![],
        };
        let mut reader = Reader { mistakes: Vec::new(), named: vec![("WORKSPACE", "org".into())], name: name.into() };
        for (number, line) in lines.iter().copied() {
            if line.split('#').next().unwrap_or_default().matches('"').count() % 2 == 1 {
                reader.wrong(number, "a `\"` is not closed".into());
            }
            if let Some(remark) = line.strip_prefix('#') {
                table.remarks.push((number, remark.trim().to_owned()));
            }
            let words = words(line);
            if let Some((first, rest)) = words.split_first() {
                reader.line(&mut table, number, line, first, rest);
            }
        }
        if table.catalog.is_empty() {
            reader.wrong(1, "the line `catalog NAME` or `ledger NAME` is missing".into());
        }
        if reader.mistakes.is_empty() { Ok(table) } else { Err(reader.mistakes) }
    }
}

/// Lines, counted from one.
fn numbered(text: &str) -> Vec<(usize, &str)> {
    text.lines().enumerate().map(|(at, line)| (at + 1, line)).collect()
}

struct Reader {
    mistakes: Vec<LineMistake>,
    /// What was named so far, each with its kind. A resource is a place, too.
    named: Vec<(&'static str, String)>,
    name: String,
}

impl Reader {
    fn wrong(&mut self, number: usize, message: String) {
        self.mistakes.push(LineMistake { name: self.name.clone(), number, message });
    }

    fn line(&mut self, table: &mut Table, number: usize, text: &str, first: &str, rest: &[String]) {
        match first {
            "catalog" => table.catalog = rest.first().cloned().unwrap_or_default(),
            "ledger" => self.ledger(table, number, rest),
            "needs" => table.needs.extend_from_slice(rest),
            "names" => rest.iter().for_each(|name| self.outsider(name)),
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

    /// A ledger by itself: whose it is, and what is decided for it. It asks no catalog, so any will do.
    fn ledger(&mut self, table: &mut Table, number: usize, words: &[String]) {
        let Some((name, rest)) = self.split(number, words, "ledger NAME …") else { return };
        self.named.push(("ORGANIZATION", name.clone()));
        let keys: Vec<(&str, &str)> = LEDGER_KEYS.iter().map(|key| (*key, "")).collect();
        let settings: Vec<(String, String)> =
            rest.iter().map(|word| word.split_once('=').unwrap_or((word, ""))).map(owned).collect();
        for (key, value) in &settings {
            self.option(table, number, &keys, (key, value));
        }
        table.catalog = "cloud".into();
        table.ledger = Some((name.clone(), settings));
    }

    /// What the table does not make, and names: a workspace, a project, a service, another organization.
    fn outsider(&mut self, name: &str) {
        ["WORKSPACE", "RESOURCE", "SERVICE", "ORGANIZATION"]
            .into_iter()
            .for_each(|kind| self.named.push((kind, name.to_owned())));
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
            "use" | "wait" | "at" | "resource" | "share" => {
                let mut step = vec!["platform".to_owned(), first.to_owned()];
                step.extend_from_slice(rest);
                What::Do(self.step(table, number, &step)?)
            }
            "state" => What::State(self.state(table, number, rest)?),
            "holds" => {
                let (permission, roles) = self.split(number, rest, "holds [ROW] PERMISSION ROLE …")?;
                What::Holds { permission: permission.clone(), roles: roles.to_vec() }
            }
            "value" => match rest {
                [path, value] => What::Value { path: path.clone(), value: value.clone() },
                _ => return self.shape(number, "value [ROW] PATH VALUE"),
            },
            "show" => What::Show(self.given(table, number, rest).1),
            "explain" => What::Explain(self.question(table, number, rest)?.0),
            "may" => self.answered(table, number, rest)?,
            row if is_row(row) => return Some((rows_of(row), self.answered(table, number, rest)?)),
            other => {
                let meant = nearest_of(other, DIRECTIVES.iter().copied());
                self.wrong(number, format!("unknown line `{other}`{}", suggestion(meant)));
                return None;
            }
        };
        Some((rows, what))
    }

    fn step(&mut self, table: &Table, number: usize, words: &[String]) -> Option<Step> {
        let (words, given) = self.given(table, number, words);
        let [who, verb, arguments @ ..] = words.as_slice() else { return self.shape(number, "WHO VERB …") };
        self.known_actor(table, number, who);
        let verbs = || VERBS.iter().chain(LEDGER_VERBS);
        let Some((_, shape)) = verbs().find(|(known, _)| known == verb) else {
            let meant = nearest_of(verb, verbs().map(|(verb, _)| *verb));
            self.wrong(number, format!("unknown verb `{verb}`{}", suggestion(meant)));
            return None;
        };
        self.plain(table, number, verb, shape, arguments)?;
        let mut keys: Vec<(&str, &str)> = shape.split(' ').filter_map(|word| word.split_once('=')).collect();
        if LEDGER_VERBS.iter().any(|(known, _)| known == verb) {
            keys.extend([("key", ""), ("issued", "")]);
        }
        let options = || arguments.iter().filter_map(|argument| argument.split_once('='));
        if keys.contains(&("WORKSPACE", "!")) && options().next().is_none() {
            self.wrong(number, format!("`{verb}` needs a workspace, such as `prod=developer` or `prod=own`"));
        }
        for (key, value) in options() {
            self.option(table, number, &keys, (key, value));
        }
        Some(Step { who: who.clone(), verb: verb.clone(), arguments: arguments.to_vec(), given })
    }

    /// The arguments without `=`: as many as the shape says, naming what there is.
    fn plain(&mut self, table: &Table, number: usize, verb: &str, shape: &str, arguments: &[String]) -> Option<()> {
        let words = || shape.split(' ').filter(|word| !word.is_empty() && !word.contains('='));
        let flag =
            |word: &str| word.strip_suffix('?').filter(|flag| flag.starts_with(char::is_lowercase)).map(str::to_owned);
        let flags: Vec<String> = words().filter_map(flag).collect();
        let shapes: Vec<&str> = words().filter(|word| flag(word).is_none()).collect();
        let plain: Vec<&String> =
            arguments.iter().filter(|argument| !argument.contains('=') && !flags.contains(*argument)).collect();
        let least = shapes.iter().filter(|word| !word.ends_with(['?', '*'])).count();
        let endless = shapes.iter().any(|word| word.ends_with('*'));
        if plain.len() < least {
            self.wrong(number, format!("`{verb}` needs {least} arguments"));
            return None;
        }
        if plain.len() > shapes.len() && !endless {
            self.wrong(number, format!("`{verb}` takes {} arguments, and then `key=value`", shapes.len()));
        }
        for (at, argument) in plain.into_iter().enumerate() {
            let shape = shapes.get(at).or(shapes.last()).copied().unwrap_or("TEXT");
            let kind = shape.trim_start_matches('+').trim_end_matches(['?', '*']);
            let kind = KINDS.iter().copied().find(|known| *known == kind).unwrap_or("TEXT");
            match shape.starts_with('+') {
                true => self.new_name(kind, argument),
                false => self.known(table, number, kind, argument),
            }
        }
        Some(())
    }

    /// A `key=value` that the verb knows, about somebody or something that there is.
    fn option(&mut self, table: &Table, number: usize, keys: &[(&str, &str)], (key, value): (&str, &str)) {
        if let Some((_, kind)) = keys.iter().find(|(known, _)| *known == key) {
            for name in value.split(',').filter(|_| !kind.is_empty()) {
                let kind = KINDS.iter().copied().find(|known| known == kind).unwrap_or("TEXT");
                self.known(table, number, kind, name);
            }
            if key == "inside" {
                value.split(',').for_each(|name| self.new_name("RESOURCE", name));
            }
            return;
        }
        let takes_workspaces = keys.iter().any(|(key, _)| *key == "WORKSPACE");
        if takes_workspaces && (key == NOWHERE || self.names_of("WORKSPACE").any(|place| place == key)) {
            return;
        }
        let workspaces = self.names_of("WORKSPACE").filter(|_| takes_workspaces);
        let keys = keys.iter().map(|(key, _)| *key).filter(|key| *key != "WORKSPACE");
        let meant = nearest_of(key, keys.chain(workspaces)).map(str::to_owned);
        self.wrong(number, format!("`{key}=` means nothing here{}", suggestion(meant.as_deref())));
    }

    fn new_name(&mut self, kind: &'static str, name: &str) {
        self.named.push((kind, name.to_owned()));
        match kind {
            "ORGANIZATION" => self.named.push(("WORKSPACE", "default".into())),
            "RESOURCE" => self.named.push(("WORKSPACE", name.to_owned())),
            _ => {}
        }
    }

    fn names_of(&self, kind: &'static str) -> impl Iterator<Item = &str> {
        self.named.iter().filter(move |(known, _)| *known == kind).map(|(_, name)| name.as_str())
    }

    /// Looks up what a word names.
    fn known(&mut self, table: &Table, number: usize, kind: &'static str, name: &str) {
        match (kind, name.split_once(':')) {
            ("TEXT" | "ROLE", _) => {}
            ("SIGN", _) if name.starts_with(['+', '-']) => {}
            ("SIGN", _) => self.wrong(number, format!("`{name}` should read `+{name}` or `-{name}`")),
            ("ACTOR", _) => self.known_actor(table, number, name),
            ("PERSON", Some((person, _role))) => self.known_person(table, number, person),
            ("PERSON", _) => self.known_person(table, number, name),
            ("CONTENT", _) if matches!(name, "stays" | "delete" | "export" | NOWHERE) => {}
            ("CONTENT", _) if self.names_of("ORGANIZATION").any(|known| known == name) => {}
            ("CONTENT", _) => self.known_person(table, number, name),
            ("SCOPE" | "SPOT", _) => self.known_scope(table, number, name),
            ("HOLDER", Some(("user", person))) => self.known_person(table, number, person),
            ("HOLDER", Some(("organization", name))) => self.known(table, number, "ORGANIZATION", name),
            ("HOLDER", _) => {}
            _ if name == NOWHERE || self.names_of(kind).any(|known| known == name) => {}
            _ => {
                let meant = nearest_of(name, self.names_of(kind)).map(str::to_owned);
                let what = match kind {
                    "WORKSPACE" => "place".to_owned(),
                    kind => kind.to_lowercase(),
                };
                self.wrong(number, format!("no {what} is called `{name}`{}", suggestion(meant.as_deref())));
            }
        }
    }

    /// What a scope names: `user:ada,class:llm`, or `everything`.
    fn known_scope(&mut self, table: &Table, number: usize, scope: &str) {
        for part in scope.split(',') {
            match part.split_once(':') {
                Some(("user", person)) => self.known_person(table, number, person),
                Some(("workspace", name)) => self.known(table, number, "WORKSPACE", name),
                Some(("project", name)) => self.known(table, number, "RESOURCE", name),
                Some(("service", name)) => self.known(table, number, "SERVICE", name),
                Some(("organization", name)) => self.known(table, number, "ORGANIZATION", name),
                Some(("class" | "kind", _)) => {}
                None if matches!(part, "everything" | "everywhere") => {}
                _ => {
                    self.wrong(number, format!("`{part}` should read `user:NAME`, `workspace:NAME`, … or `everything`"))
                }
            }
        }
    }

    fn known_code(&mut self, number: usize, code: &str) {
        let codes = || CODES.lines().filter_map(|line| line.split_whitespace().nth(1));
        if !codes().any(|known| known == code) {
            self.wrong(number, format!("there is no code `{code}`{}", suggestion(nearest_of(code, codes()))));
        }
    }

    /// How things stand: a subject that can be asked for, `is`, and the words that are expected.
    fn state(&mut self, table: &Table, number: usize, words: &[String]) -> Option<State> {
        let link = words.iter().position(|word| matches!(word.as_str(), "is" | "are" | "has" | "have"));
        let Some((subject, [link, value @ ..])) = link.map(|at| words.split_at(at)).filter(|(_, rest)| rest.len() > 1)
        else {
            return self.shape(number, "state [ROW] SUBJECT is WORDS …");
        };
        let subjects = || SUBJECTS.iter().chain(LEDGER_SUBJECTS);
        let plain = subjects().find(|shape| **shape == subject.join(" "));
        let Some(shape) = plain.or_else(|| subjects().find(|shape| has_shape(subject, shape))) else {
            let first = subject.first().map(String::as_str).unwrap_or_default();
            let heads = subjects().filter_map(|shape| shape.split(' ').next());
            let people = table.people.iter().map(String::as_str).filter(|_| subject.len() == 1);
            let meant = nearest_of(first, heads.chain(people)).map(str::to_owned);
            let subject = subject.join(" ");
            self.wrong(number, format!("nothing is known of `{subject}`{}", suggestion(meant.as_deref())));
            return None;
        };
        for (word, part) in subject.iter().zip(shape.split(' ')) {
            if let Some(kind) = KINDS.iter().find(|kind| **kind == part) {
                self.known(table, number, kind, word);
            }
        }
        Some(State { subject: subject.to_vec(), link: link.clone(), value: value.to_vec() })
    }

    /// A question with the answer that is expected.
    fn answered(&mut self, table: &Table, number: usize, words: &[String]) -> Option<What> {
        let (question, answer) = self.question(table, number, words)?;
        let answer = match answer.as_slice() {
            [word] if word == "allow" || word == "step_up" => word.clone(),
            [deny, code] if deny == "deny" => {
                self.known_code(number, code);
                code.clone()
            }
            _ => return self.shape(number, "an answer is `allow`, `step_up` or `deny CODE`"),
        };
        Some(What::Ask { question, answer })
    }

    fn question(&mut self, table: &Table, number: usize, words: &[String]) -> Option<(Question, Vec<String>)> {
        let (words, given) = self.given(table, number, words);
        let [who, place, permission, answer @ ..] = words.as_slice() else {
            return self.shape(number, "ROW WHO WHERE PERMISSION ANSWER, or `may` instead of ROW");
        };
        self.known_actor(table, number, who);
        self.known(table, number, "WORKSPACE", place);
        let question = Question { who: who.clone(), place: place.clone(), permission: permission.clone(), given };
        Some((question, answer.to_vec()))
    }

    /// Splits off what follows `given`.
    fn given(&mut self, table: &Table, number: usize, words: &[String]) -> (Vec<String>, Given) {
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
                    self.known(table, number, "ORGANIZATION", organization);
                    given.member_of.push(organization.into());
                }
                _ => self
                    .wrong(number, format!("`{word}` after `given`; there are fresh, factor, via=, feature=, member=")),
            }
        }
        (words.to_vec(), given)
    }

    /// Somebody who can act: a person, the platform, a directory, a service, a link, somebody of the staff.
    fn known_actor(&mut self, table: &Table, number: usize, who: &str) {
        match who.split_once(':') {
            Some(("link", _)) => {}
            Some(("service", service)) => self.known(table, number, "SERVICE", service),
            Some(("staff", pair)) => match pair.split_once('@') {
                Some((staff, person)) => {
                    self.known_person(table, number, staff);
                    self.known_person(table, number, person);
                }
                None => self.wrong(number, format!("`{who}` should read `staff:NAME@PERSON`")),
            },
            _ => self.known_person(table, number, who),
        }
    }

    fn known_person(&mut self, table: &Table, number: usize, who: &str) {
        if !table.people.iter().any(|person| person == who) {
            let meant = nearest_of(who, table.people.iter().map(String::as_str));
            self.wrong(number, format!("nobody is called `{who}`{}", suggestion(meant)));
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

fn owned((key, value): (&str, &str)) -> (String, String) {
    (key.to_owned(), value.to_owned())
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

/// The words of a line: split at spaces, `"…"` kept together, everything after `#` dropped; `#1` is the number of a lot.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted, mut begun) = (Vec::new(), String::new(), false, false);
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        let is_number = letters.peek().is_some_and(char::is_ascii_digit);
        match letter {
            '"' => (quoted, begun) = (!quoted, true),
            '#' if !quoted && !begun && !is_number => break,
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
