//! A receiver that comes and goes, and a log of what it got.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use support::{Random, Reply, Request, Sink};

/// How a receiver answers at present.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    Healthy,
    Slow,
    Failing,
    Refusing,
    TooLarge,
    /// It has ended collection.
    Ended,
    Silent,
    Resetting,
}

impl Mood {
    /// Mostly healthy: else nothing would ever be delivered. The end of collection is rare.
    const CHOICES: [Mood; 15] = [
        Mood::Healthy,
        Mood::Healthy,
        Mood::Healthy,
        Mood::Healthy,
        Mood::Slow,
        Mood::Slow,
        Mood::Failing,
        Mood::Failing,
        Mood::Refusing,
        Mood::Refusing,
        Mood::Refusing,
        Mood::TooLarge,
        Mood::Ended,
        Mood::Silent,
        Mood::Resetting,
    ];

    pub(crate) fn any(random: &mut Random) -> Self {
        random.pick(&Self::CHOICES)
    }

    fn accepts(self) -> bool {
        matches!(self, Mood::Healthy | Mood::Slow)
    }

    fn reply(self) -> Reply {
        match self {
            Mood::Healthy => Reply::Status(200),
            Mood::Slow => Reply::Slow(Duration::from_millis(20), 200),
            Mood::Failing => Reply::Status(500),
            Mood::Refusing => Reply::Status(400),
            Mood::TooLarge => Reply::Status(413),
            Mood::Ended => Reply::Status(410),
            Mood::Silent => Reply::Hang,
            Mood::Resetting => Reply::Reset,
        }
    }
}

/// One answer.
#[derive(Debug, Clone, Copy)]
struct Answer {
    /// The number of the request.
    number: usize,
    mood: Mood,
    time: SystemTime,
}

/// An event that was sent here.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) id: String,
    pub(crate) time: SystemTime,
    pub(crate) is_accepted: bool,
}

#[derive(Debug)]
pub(crate) struct Receiver {
    sink: Sink,
    mood: Arc<Mutex<Mood>>,
    answers: Arc<Mutex<Vec<Answer>>>,
}

impl Receiver {
    pub(crate) fn new() -> Self {
        let mood = Arc::new(Mutex::new(Mood::Healthy));
        let answers = Arc::<Mutex<Vec<Answer>>>::default();
        let (its_mood, its_answers) = (Arc::clone(&mood), Arc::clone(&answers));
        let sink = Sink::new(move |number| {
            let mood = *its_mood.lock().unwrap_or_else(PoisonError::into_inner);
            let answer = Answer { number, mood, time: SystemTime::now() };
            its_answers.lock().unwrap_or_else(PoisonError::into_inner).push(answer);
            mood.reply()
        });
        Receiver { sink, mood, answers }
    }

    pub(crate) fn url(&self) -> String {
        self.sink.url()
    }

    pub(crate) fn become_(&self, mood: Mood) {
        *self.mood.lock().unwrap_or_else(PoisonError::into_inner) = mood;
    }

    /// Everything that was sent here, accepted or not.
    pub(crate) fn sent(&self) -> Vec<Sent> {
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let requests = self.sink.requests();
        let sent = |answer: &Answer| {
            let id = requests.get(answer.number).map(Request::session_id)?;
            Some(Sent { id, time: answer.time, is_accepted: answer.mood.accepts() })
        };
        answers.iter().filter_map(sent).collect()
    }

    /// The ids of the events that it accepted.
    pub(crate) fn accepted(&self) -> HashSet<String> {
        self.sent().into_iter().filter(|sent| sent.is_accepted).map(|sent| sent.id).collect()
    }
}
