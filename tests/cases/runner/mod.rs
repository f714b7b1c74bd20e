//! Tables and stories: what product people agreed, run against any engine.
//!
//! One line says one thing; `#` begins a comment; a text with spaces stands in `"…"`. Each `catalog` or `ledger` line begins
//! another table, which knows nothing of the ones before it.
//!
//! ```text
//! catalog cloud                                   the catalog that the rows are about
//! set     policy.collaborators on                 what is different in it, by path in its file form; `-` takes it away
//! needs   unicode                                 the features of the crate without which the table is left out
//! people  olga adam vera                          everybody who is named below, and every invitation
//!
//! do      olga create-organization acme "Acme" plan=team seats=5
//! do      S1-65 adam create-workspace prod "Production"
//! refuse  S1-65 denied vera create-workspace lab "Lab"
//!
//! # row   who    where  may             answer
//! S1-68   vera   prod   operation.run   deny not_granted
//! S0-54   olga   org    plan.change     allow             given fresh via=linkedin
//! may     olga   org    plan.change     step_up           the same where no row is settled
//!
//! state   S2-95  ed is suspended                           how things stand; `are` reads better of several
//! state   S1-85  seats are 3 of 5
//! state   S0-50  retention of video is 30d                 times are counted from now
//! state   S2-125 effects have cancel-subscription          what the last step asks the application to do
//!
//! holds   S1-68  operation.run  owner admin developer      exactly these roles hold it
//! value   S1-90  plans.business.seats per_seat:5           what the file form of the catalog says at a path
//!
//! use     home                                    the organization that the lines below are about
//! wait    8d                                      time passes
//! at      2027-02-28T10:00                        it is this day and time of day (UTC); midnight without
//! resource plan in=prod owner=vera inside=folder,shelf
//! share   folder to=user:carl level=document.read until=3d
//! explain vera prod operation.run                 for stories: why it is so
//! show                                            for stories: who may do what at this point; else at the end; `show given factor`
//! ```
//!
//! Of the ledger of the organization in use, or of one by itself:
//!
//! ```text
//! ledger  acme burn=expiry,class,age transfers=on a ledger that no organization is behind, and what is decided for it
//! names   design film robot                       workspaces, projects, services, organizations from outside
//!
//! do              platform grant purchased 100 until=2027-03-01
//! do      D-21    ada hold h1 80 in=design class=llm until=10m    whoever asks is who spends
//! refuse  D-21    not_enough ada charge c1 30
//! do              platform again                  the last order once more, under its key; `again k1` that of `key=k1`
//! state   D-21    balance is 20                   what can be taken
//! state   D-21    lots are #1 purchased 20        in the order in which they are used up
//! ```
//!
//! Besides people there act `platform`, `directory`, `service:robot`, `link:poster` and `staff:sam@olga` (Sam of the
//! staff, in Olga's place). Nobody made `nowhere`: it stands for an id of nothing. What can be done and what can be
//! asked of the state is listed in `words.rs` and `ledger_words.rs`.
//!
//! The parser and the runner know nothing of the crate but how it suggests near misses; whoever speaks for it is an
//! [`Engine`].

mod ledger_words;
mod parse;
mod words;

#[allow(unused_imports, reason = "only the tests look whether every word is used")]
pub use ledger_words::{LEDGER_SUBJECTS, LEDGER_VERBS};

#[allow(unused_imports, reason = "the example and the tests each use their part")]
pub use parse::{Given, Line, LineMistake, Question, State, Step, Table, What, nearest_of};
#[allow(unused_imports, reason = "only the tests look whether every word is used")]
pub use words::{SUBJECTS, VERBS, has_shape};

/// Somebody who can carry out the lines of a table.
pub trait Engine {
    /// Carries out a step; a refusal is its code and its words.
    fn act(&mut self, step: &Step) -> Result<(), (String, String)>;
    /// Answers a question with `allow`, `step_up` or the code of the denial.
    fn ask(&mut self, question: &Question) -> String;
    /// How things stand, as the words of a `state` line; the error says what cannot be told.
    fn state(&mut self, subject: &[String]) -> Result<Vec<String>, String>;
    /// The roles that hold a permission, by key, or `None` for an unknown permission.
    fn holders(&self, permission: &str) -> Option<Vec<String>>;
    /// What the file form of the catalog says at a path, `-` where it says nothing.
    fn value(&self, path: &str) -> String;
    /// Whatever should be true after each step; the words of what is not.
    fn broken(&self) -> Option<String>;
}

/// Runs every line; each one that does not come out as written is a message with its place.
#[allow(dead_code, reason = "the example runs line by line")]
pub fn run(table: &Table, engine: &mut dyn Engine) -> Vec<String> {
    let mut wrong = Vec::new();
    for line in &table.lines {
        let found = outcome(line, engine);
        if let Err(message) = found {
            wrong.push(format!("{}:{}: {message}\n    {}", table.name, line.number, line.text.trim()));
        }
    }
    wrong
}

/// Carries out one line; the error says how it came out otherwise.
pub fn outcome(line: &Line, engine: &mut dyn Engine) -> Result<(), String> {
    match &line.what {
        What::Do(step) => {
            engine.act(step).map_err(|(code, words)| format!("refused with {code}: {words}"))?;
            engine.broken().map_or(Ok(()), |words| Err(format!("an invariant is broken: {words}")))
        }
        What::Refuse { step, code } => match engine.act(step) {
            Ok(()) => Err(format!("expected {code}, and it was done")),
            Err((found, _)) if found == *code => Ok(()),
            Err((found, words)) => Err(format!("expected {code}, found {found}: {words}")),
        },
        What::Ask { question, answer } => {
            let found = engine.ask(question);
            if found == *answer { Ok(()) } else { Err(format!("expected {answer}, found {found}")) }
        }
        What::State(state) => {
            let found = engine.state(&state.subject)?;
            let so = if state.is_among() { contains(&found, &state.value) } else { found == state.value };
            if so { Ok(()) } else { Err(format!("expected {}, found {}", state.value.join(" "), found.join(" "))) }
        }
        What::Holds { permission, roles } => {
            let mut found = engine.holders(permission).ok_or("there is no such permission")?;
            let mut expected = roles.clone();
            found.sort();
            expected.sort();
            if found == expected { Ok(()) } else { Err(format!("held by {}", found.join(" "))) }
        }
        What::Value { path, value } => {
            let found = engine.value(path);
            if found == *value { Ok(()) } else { Err(format!("expected {value}, found {found}")) }
        }
        What::Explain(_) | What::Show(_) => Ok(()),
    }
}

/// Whether the words stand in the others side by side.
fn contains(all: &[String], words: &[String]) -> bool {
    all.windows(words.len().max(1)).any(|window| window == words)
}
