"""The operations of the wire, one module for each subject. Being imported here is what registers them."""

from tukro.api.mturk.operations import accounts as accounts
from tukro.api.mturk.operations import assignments as assignments
from tukro.api.mturk.operations import bonuses as bonuses
from tukro.api.mturk.operations import hit_types as hit_types
from tukro.api.mturk.operations import hits as hits
from tukro.api.mturk.operations import notifications as notifications
from tukro.api.mturk.operations import qualification_types as qualification_types
from tukro.api.mturk.operations import qualifications as qualifications
from tukro.api.mturk.operations import requests as requests
from tukro.api.mturk.operations import reviews as reviews
from tukro.api.mturk.operations import workers as workers
