"""Words too common to be a reason, in the six languages of the United Nations.

Short hand-made lists: function words, and nothing that could carry meaning in mine action. Chinese is cut
into pairs of characters (see `text`), so its list holds the particles that make empty pairs.
"""

from __future__ import annotations

_ENGLISH = """a about after all also an and any are as at be been before between both but by can could do
does during each for from had has have how if in including into is it its may more most must no not of on
one or other our out over per shall should so some such than that the their them then there these they this
those through to under until up upon was we well were what when where which while who will with within
without would you your"""

_FRENCH = """a afin ai ainsi alors après au aucun aussi aux avant avec avoir car ce ceci cela ces cet cette
ceux chaque comme dans de depuis des deux doit donc dont du elle elles en encore entre est et eu eux fait
font il ils je jusqu la le les leur leurs lors lui mais même moins ne ni nos notre nous on ont ou où par pas
pendant peut peuvent plus pour qu quand que quel quelle qui sa sans se selon sera ses si son sont sous sur
ta tous tout toute toutes très un une vers vos votre vous y été être"""

_SPANISH = """a al algo ante antes así aun aunque bajo bien cada como con contra cual cuando de del desde
donde dos durante e el ella ellas ellos en entre era es esa ese eso esta este esto estos estas está están
fue ha hacia han hasta hay la las le les lo los más mediante mi mientras muy ni no nos o otra otras otro
otros para pero por porque pues que qué quien se sea según ser si sido sin sobre son su sus también tan
tanto te tiene toda todas todo todos tras un una unas uno unos y ya"""

_ARABIC = """في من على إلى الى عن مع هذا هذه ذلك تلك التي الذي الذين ما لا لم لن أن ان إن كان كانت يكون تكون
هو هي هم قد كل كما أو او ثم بين بعد قبل عند حتى منذ خلال ضمن غير أي بعض حيث لكن إذا وفي ومن وعلى وإلى والتي
والذي وهو وهي به بها له لها فيه فيها منه منها عليه عليها إليه إليها و ف ب ل ك"""

_RUSSIAN = """а без более был была были было быть в вам вас во все всех всё вы где да для до его ее её если
есть еще ещё же за и из или им их к как ко которая которого которой которые который которых ли между мы на
над не нет ни но о об однако он она они оно от по под после при про с свой своих со так также такие такой
там те тем то того тоже той только том ту ты у уже через что чтобы эта эти этих это этого этой этом этот
я"""

_CHINESE = """的 了 和 与 及 在 是 为 以 等 从 到 由 将 并 或 其 这 该 各 也 把 被 向 于 之 而 我 他们 因为
所以 那个 那些 可以 需要 进行"""

STOP_WORDS: frozenset[str] = frozenset(
    " ".join((_ENGLISH, _FRENCH, _SPANISH, _ARABIC, _RUSSIAN, _CHINESE)).split()
)
