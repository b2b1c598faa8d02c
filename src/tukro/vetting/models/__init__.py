"""What the law asks of people who are paid: tax forms, lists of sanctioned people. Forms lie sealed."""

from tukro.vetting.models.identity import CheckMoment as CheckMoment
from tukro.vetting.models.identity import CheckState as CheckState
from tukro.vetting.models.identity import IdentityCheck as IdentityCheck
from tukro.vetting.models.identity import IdentityPhoto as IdentityPhoto
from tukro.vetting.models.identity import IdentityPolicy as IdentityPolicy
from tukro.vetting.models.sanctions import HitState as HitState
from tukro.vetting.models.sanctions import RequesterScreening as RequesterScreening
from tukro.vetting.models.sanctions import SanctionsHit as SanctionsHit
from tukro.vetting.models.sanctions import SanctionsList as SanctionsList
from tukro.vetting.models.sanctions import SanctionsName as SanctionsName
from tukro.vetting.models.sanctions import SanctionsPolicy as SanctionsPolicy
from tukro.vetting.models.sanctions import Screening as Screening
from tukro.vetting.models.tax import TaxForm as TaxForm
from tukro.vetting.models.tax import TaxFormName as TaxFormName
from tukro.vetting.models.tax import TaxPolicy as TaxPolicy
from tukro.vetting.models.tax import TaxRule as TaxRule
from tukro.vetting.models.tax import TaxStep as TaxStep
