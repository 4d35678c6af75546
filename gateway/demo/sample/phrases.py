"""What members write and say in the sample marketplace, each in a language of their own or in plain trade English.

Only words stand here. No sentence holds a name or an address by itself: what slips into one is put there by
`gateway.sample.slips`.
"""

from dataclasses import dataclass

from gateway.demo.sample import words
from gateway.demo.sample.draws import second


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """How people of some countries ask, answer and chat; `gap` stands between two sentences."""

    countries: tuple[str, ...]
    questions: tuple[str, ...]
    answers: tuple[str, ...]
    posts: tuple[str, ...]
    gap: str = " "


ENGLISH = Language(
    countries=(),
    questions=(
        "Could you tell me when my order will be shipped?",
        "We would like to order again; is the price still the same?",
        "Please confirm that the goods are packed as agreed.",
        "Do you offer a discount for larger quantities?",
        "Could you send two samples before we decide?",
        "Our customs agent asks for the packing list.",
        "The last shipment arrived in good order, thank you.",
    ),
    answers=(
        "Thank you for writing to us.",
        "The goods leave our factory within the week.",
        "The price holds until the end of the month.",
        "We have sent the papers by courier this morning.",
        "Samples are free; you only pay the freight.",
        "Let us talk about the details outside this site.",
    ),
    posts=(
        "Has anybody compared sea and rail freight lately?",
        "We had our goods inspected by a third party and would do so again.",
        "Ask for a pre-shipment sample before you pay the balance.",
        "Our customs papers were held up for nine days. Any advice?",
        "Which certificates do you ask of a new supplier?",
        "A letter of credit is worth its fee on the first order.",
    ),
)

LANGUAGES = (
    Language(
        countries=("CN", "HK"),
        questions=(
            "请问什么时候可以发货？",
            "我们想再订一批，价格还一样吗？",
            "请确认包装与约定一致。",
            "数量多可以优惠吗？",
        ),
        answers=("感谢您的来信。", "货物本周内出厂。", "单证今天上午已经寄出。", "样品免费，只需支付运费。"),
        posts=("最近海运和铁路哪个更划算？", "第一次合作建议用信用证。", "付尾款之前一定要看大货样。"),
        gap="",
    ),
    Language(
        countries=("JP",),
        questions=(
            "いつ発送していただけますか。",
            "前回と同じ価格で再注文できますか。",
            "梱包リストをお送りください。",
        ),
        answers=("ご連絡ありがとうございます。", "今週中に工場から出荷いたします。", "サンプルは無料です。"),
        posts=("初めての取引では信用状をお勧めします。", "最近の海上運賃はいかがですか。"),
        gap="",
    ),
    Language(
        countries=("KR",),
        questions=("언제 발송되는지 알려 주세요.", "수량이 많으면 할인이 되나요?", "포장 명세서를 보내 주세요."),
        answers=("문의해 주셔서 감사합니다.", "이번 주 안에 출고됩니다.", "샘플은 무료입니다."),
        posts=("첫 거래에는 신용장을 권합니다.", "요즘 해상 운임이 어떤가요?"),
    ),
    Language(
        countries=("KZ",),
        questions=(
            "Когда вы сможете отправить товар?",
            "Есть ли скидка на большую партию?",
            "Пришлите, пожалуйста, упаковочный лист.",
        ),
        answers=("Спасибо за письмо.", "Товар отправим на этой неделе.", "Документы уже в пути."),
        posts=("Кто сравнивал морскую и железнодорожную перевозку?", "Перед оплатой попросите образец."),
    ),
    Language(
        countries=("UA",),
        questions=("Коли ви зможете відправити товар?", "Чи є знижка на велику партію?"),
        answers=("Дякуємо за лист.", "Товар відправимо цього тижня."),
        posts=("Хто порівнював морське й залізничне перевезення?", "Перед оплатою попросіть зразок."),
    ),
    Language(
        countries=("AE", "EG"),
        questions=("متى يمكنكم شحن البضاعة؟", "هل يوجد خصم على الكميات الكبيرة؟", "نرجو إرسال قائمة التعبئة."),
        answers=("شكرا على رسالتكم.", "ستشحن البضاعة هذا الأسبوع.", "العينات مجانية."),
        posts=("ننصح باعتماد مستندي في أول طلب.", "من قارن بين الشحن البحري والجوي؟"),
    ),
    Language(
        countries=("IN",),
        questions=("माल कब तक भेजा जाएगा?", "ज़्यादा मात्रा पर क्या छूट मिलेगी?", "कृपया पैकिंग सूची भेजें।"),
        answers=("आपके पत्र के लिए धन्यवाद।", "माल इसी सप्ताह भेज दिया जाएगा।", "नमूने मुफ़्त हैं।"),
        posts=("पहले ऑर्डर पर साख-पत्र लेना अच्छा है।", "समुद्री भाड़ा आजकल कितना है?"),
    ),
    Language(
        countries=("GR",),
        questions=("Πότε θα στείλετε τα εμπορεύματα;", "Υπάρχει έκπτωση για μεγάλες ποσότητες;"),
        answers=("Ευχαριστούμε για το μήνυμά σας.", "Η αποστολή γίνεται αυτή την εβδομάδα."),
        posts=("Ζητήστε δείγμα πριν από την πληρωμή.", "Ποιος έχει συγκρίνει τα ναύλα;"),
    ),
    Language(
        countries=("ES", "MX"),
        questions=(
            "¿Cuándo podrán enviar la mercancía?",
            "¿Hacen descuento por mayor cantidad?",
            "Necesitamos la lista de empaque.",
        ),
        answers=("Gracias por su mensaje.", "La mercancía sale esta semana.", "Las muestras son gratuitas."),
        posts=("¿Alguien ha comparado los fletes este año?", "Pidan siempre una muestra antes de pagar."),
    ),
    Language(
        countries=("BR",),
        questions=("Quando a mercadoria será enviada?", "Há desconto para quantidades maiores?"),
        answers=("Obrigado pela mensagem.", "A mercadoria sai nesta semana."),
        posts=("Alguém comparou os fretes este ano?", "Peçam sempre uma amostra antes de pagar."),
    ),
    Language(
        countries=("DE",),
        questions=(
            "Wann können Sie liefern?",
            "Gibt es Rabatt für größere Mengen?",
            "Bitte schicken Sie uns die Packliste.",
        ),
        answers=("Vielen Dank für Ihre Nachricht.", "Die Ware geht noch diese Woche hinaus.", "Muster sind kostenlos."),
        posts=("Wer hat Erfahrung mit der Fracht über die Schiene?", "Vor der Zahlung immer ein Muster prüfen."),
    ),
    Language(
        countries=("FR",),
        questions=("Quand pourrez-vous expédier la marchandise ?", "Y a-t-il une remise pour les grandes quantités ?"),
        answers=("Merci de votre message.", "La marchandise part cette semaine."),
        posts=("Qui a comparé les prix du fret cette année ?", "Demandez toujours un échantillon avant de payer."),
    ),
    Language(
        countries=("TR",),
        questions=("Malları ne zaman gönderebilirsiniz?", "Büyük siparişlerde indirim var mı?"),
        answers=("Mesajınız için teşekkürler.", "Mallar bu hafta yola çıkıyor."),
        posts=("İlk siparişte akreditif öneririm.", "Navlun fiyatlarını karşılaştıran var mı?"),
    ),
    Language(
        countries=("VN",),
        questions=("Khi nào hàng được gửi đi?", "Đặt số lượng lớn có được giảm giá không?"),
        answers=("Cảm ơn bạn đã liên hệ.", "Hàng sẽ xuất xưởng trong tuần này."),
        posts=("Nên xem mẫu trước khi thanh toán.", "Cước tàu biển dạo này thế nào?"),
    ),
)

# What members let slip into what they take for private, beside what they let slip in public.
QUESTION_SLIPS = (
    *words.SLIPS,
    "You can charge my card {card}.",
    "My card number: {spaced}, please take the balance from it.",
    "If the site is slow, mail me at {email} or call {phone}.",
)
ANSWER_SLIPS = (
    *words.SLIPS,
    "Please transfer to our account {account}.",
    "Pay {account} directly and we take off three percent.",
    "If the site is slow, mail us at {email} or call {phone}.",
)

FORUM_TOPICS = (
    *("Freight and customs", "Paying safely", "Finding a supplier", "Quality control", "Trade fairs"),
    *("Tariffs and taxes", "Packing and labels", "Small orders"),
)

REQUEST_TITLES = (
    "Quotation wanted: {goods}",
    "Request for offers: {goods}",
    "Bulk order: {goods}",
    "Looking for makers: {goods}",
)

REQUEST_DETAILS = (
    "We buy for our own shops and need a partner for the long term.",
    "Please quote with freight to our port and your earliest delivery.",
    "Samples are needed before the first order.",
    "Only makers, please; no trading companies.",
    "Certificates of conformity are required.",
    "We pay part in advance and the balance against documents.",
)

DISPUTE_STATEMENTS = {
    "NOT_RECEIVED": (
        "The parcel has been under way for six weeks and nobody can say where it is.",
        "Tracking says delivered, but nothing has arrived here.",
    ),
    "LATE": (
        "The goods came a month after the agreed date and the season is over.",
        "Delivery was promised for the spring fair and came when it had closed.",
    ),
    "DAMAGED": (
        "One carton in three was crushed and its content broken.",
        "The goods got wet on the way and cannot be sold.",
    ),
    "NOT_AS_DESCRIBED": (
        "The material is thinner than in the description and in the sample.",
        "The colour has nothing to do with the one we ordered.",
    ),
    "WRONG_QUANTITY": (
        "We counted twice: a tenth of the order is missing.",
        "Two cartons were left out and the seller does not answer.",
    ),
}
"""What a buyer says, by the reason of the dispute."""

COMPLAINT_SUMMARIES = (
    "Goods sold under a trade mark without its owner's permission.",
    "Payment taken outside the marketplace and no goods sent.",
    "Certificates shown for the products were not genuine.",
    "Photographs of another supplier's products used as its own.",
    "Repeated late delivery without notice to buyers.",
)

PENALTIES = (
    *("Listings removed", "Fine of 500 US dollars", "Selling suspended for 30 days", "Verified mark withdrawn"),
    "Account closed",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A fair or an evening where the marketplace met members."""

    name: str
    begins: int


EVENTS = (
    Event(name="Harbour Spring Fair 2022, Hong Kong", begins=second(2022, 4, 12)),
    Event(name="Importers' Evening 2022, Hamburg", begins=second(2022, 11, 3)),
    Event(name="Harbour Spring Fair 2023, Hong Kong", begins=second(2023, 4, 18)),
    Event(name="Sourcing Days 2024, Chicago", begins=second(2024, 9, 24)),
    Event(name="Harbour Spring Fair 2025, Hong Kong", begins=second(2025, 4, 15)),
    Event(name="Suppliers' Breakfast 2025, Mumbai", begins=second(2025, 10, 9)),
)
