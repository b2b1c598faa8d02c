"""Task types, tasks with their places, assignments, answers, bonuses: the heart of the market."""

from __future__ import annotations

from tukro.work.models.assignments import BEING_DONE as BEING_DONE
from tukro.work.models.assignments import HANDED_IN as HANDED_IN
from tukro.work.models.assignments import Assignment as Assignment
from tukro.work.models.assignments import AssignmentState as AssignmentState
from tukro.work.models.assignments import Bonus as Bonus
from tukro.work.models.assignments import Draft as Draft
from tukro.work.models.assignments import EarlierAnswer as EarlierAnswer
from tukro.work.models.assignments import RequestToken as RequestToken
from tukro.work.models.conduct import Conduct as Conduct
from tukro.work.models.conduct import Follower as Follower
from tukro.work.models.conduct import SilentApprovals as SilentApprovals
from tukro.work.models.files import EarlierFile as EarlierFile
from tukro.work.models.files import PartialFile as PartialFile
from tukro.work.models.files import ProofFile as ProofFile
from tukro.work.models.objections import Appeal as Appeal
from tukro.work.models.objections import AppealFile as AppealFile
from tukro.work.models.objections import AppealOutcome as AppealOutcome
from tukro.work.models.objections import OverturnedRejection as OverturnedRejection
from tukro.work.models.objections import Report as Report
from tukro.work.models.objections import ReportOutcome as ReportOutcome
from tukro.work.models.task_types import Category as Category
from tukro.work.models.task_types import CategoryPolicy as CategoryPolicy
from tukro.work.models.task_types import Listing as Listing
from tukro.work.models.task_types import Question as Question
from tukro.work.models.task_types import TaskType as TaskType
from tukro.work.models.tasks import Batch as Batch
from tukro.work.models.tasks import BatchSource as BatchSource
from tukro.work.models.tasks import BatchState as BatchState
from tukro.work.models.tasks import Lane as Lane
from tukro.work.models.tasks import Task as Task
from tukro.work.models.tasks import TaskState as TaskState
from tukro.work.models.wishes import Liking as Liking
from tukro.work.models.wishes import LotteryPolicy as LotteryPolicy
from tukro.work.models.wishes import Mark as Mark
from tukro.work.models.wishes import SavedSearch as SavedSearch
from tukro.work.models.wishes import Wish as Wish
from tukro.work.models.wishes import WishState as WishState
