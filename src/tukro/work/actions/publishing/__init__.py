"""The verbs before work is done: terms, batches, what can be done to a batch later, and the staff's stop."""

from __future__ import annotations

from tukro.work.actions.publishing.holding import BatchHeld as BatchHeld
from tukro.work.actions.publishing.holding import hold_batch as hold_batch
from tukro.work.actions.publishing.holding import release_batch as release_batch
from tukro.work.actions.publishing.running import NotAgreed as NotAgreed
from tukro.work.actions.publishing.running import NoTaskGoesOn as NoTaskGoesOn
from tukro.work.actions.publishing.running import cancel_batch as cancel_batch
from tukro.work.actions.publishing.running import extend_batch as extend_batch
from tukro.work.actions.publishing.running import pause_batch as pause_batch
from tukro.work.actions.publishing.running import resume_batch as resume_batch
from tukro.work.actions.publishing.starting import CHUNK as CHUNK
from tukro.work.actions.publishing.starting import OutOfOrder as OutOfOrder
from tukro.work.actions.publishing.starting import finish_publishing as finish_publishing
from tukro.work.actions.publishing.starting import publish_rows as publish_rows
from tukro.work.actions.publishing.starting import start_batch as start_batch
from tukro.work.actions.publishing.terms import BadTerms as BadTerms
from tukro.work.actions.publishing.terms import CategoryRefused as CategoryRefused
from tukro.work.actions.publishing.terms import ModerationNeeded as ModerationNeeded
from tukro.work.actions.publishing.terms import Terms as Terms
from tukro.work.actions.publishing.terms import check_limits as check_limits
from tukro.work.actions.publishing.terms import ensure_task_type as ensure_task_type
from tukro.work.actions.publishing.terms import identity_of as identity_of
from tukro.work.actions.publishing.wall import BelowWall as BelowWall
