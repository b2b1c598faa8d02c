"""Review policies without a database: what they may say, how they score, what they decide (mturk-api 10)."""

from tukro.quality.rules.policies import KNOWN_ANSWERS as KNOWN_ANSWERS
from tukro.quality.rules.policies import PLURALITY as PLURALITY
from tukro.quality.rules.policies import BadReviewPolicy as BadReviewPolicy
from tukro.quality.rules.policies import Extension as Extension
from tukro.quality.rules.policies import KnownAnswers as KnownAnswers
from tukro.quality.rules.policies import Plurality as Plurality
from tukro.quality.rules.policies import known_answers as known_answers
from tukro.quality.rules.policies import plurality as plurality
from tukro.quality.rules.scoring import Finding as Finding
from tukro.quality.rules.scoring import Intention as Intention
from tukro.quality.rules.scoring import Outcome as Outcome
from tukro.quality.rules.scoring import Submission as Submission
from tukro.quality.rules.scoring import judge_submission as judge_submission
from tukro.quality.rules.scoring import judge_task as judge_task
from tukro.quality.rules.scoring import places_after as places_after
