"""What the sample marketplace is written with: organisations, names, places, goods and sentences.

Only words stand here; how they are put together is in the modules beside this one. Names are written in their own
script, each with the Latin letters its e-mail address is made of. All mail and web addresses are made from domains
that are reserved for examples, so that nothing here reaches anybody.
"""

from dataclasses import dataclass

Name = tuple[str, str]
"""A name as it is written, and in plain Latin letters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationRow:
    """The marketplace itself, or a party it deals with."""

    id: int
    name: str
    kind: str
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """How people are called where a script and a language are used."""

    given: tuple[Name, ...]
    family: tuple[Name, ...]
    pattern: str = "{given} {family}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """A country members come from. `per_dollar` says, roughly, how much of its currency buys a dollar."""

    code: str
    phone: str
    currency: str
    per_dollar: int
    script: Script
    cities: tuple[str, ...]
    streets: tuple[str, ...]
    company: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductCategory:
    """A kind of goods, priced in dollars and sold by no fewer than `minimum`."""

    name: str
    trade: str
    cheapest: int
    dearest: int
    minimum: int
    goods: tuple[str, ...]
    qualities: tuple[str, ...]
    specifications: tuple[str, ...]


def _listed(words: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in words.split(","))


def _names(words: str) -> tuple[Name, ...]:
    """Names separated by commas, each followed by a blank and its Latin letters."""
    pairs = (name.rpartition(" ") for name in _listed(words))
    return tuple((written, latin) for written, _, latin in pairs)


# Organisations --------------------------------------------------------------------------------------------------------

ORGANISATIONS = (
    OrganisationRow(id=1, name="Harbour Marketplace Limited", kind="MARKETPLACE", country="HK"),
    OrganisationRow(id=2, name="Harbour Logistics Services", kind="AFFILIATE", country="CN"),
    OrganisationRow(id=3, name="Harbour Trade Fairs", kind="AFFILIATE", country="SG"),
    OrganisationRow(id=4, name="Clearline Customer Care", kind="SERVICE_PROVIDER", country="PH"),
    OrganisationRow(id=5, name="Northgate Hosting", kind="SERVICE_PROVIDER", country="IE"),
    OrganisationRow(id=6, name="Sourcing Compass", kind="PARTNER", country="US"),
    OrganisationRow(id=7, name="Importers' Gazette", kind="PARTNER", country="GB"),
    OrganisationRow(id=8, name="Brightsail Freight Insurance", kind="ADVERTISER", country="DE"),
    OrganisationRow(id=9, name="Tallymark Bookkeeping", kind="ADVERTISER", country="IN"),
    OrganisationRow(id=10, name="Victoria Peak Commercial Bank", kind="BANK", country="HK"),
    OrganisationRow(id=11, name="Rheinbrücke Handelsbank", kind="BANK", country="DE"),
    OrganisationRow(id=12, name="Swiftlane Payments", kind="PAYMENT_VENDOR", country="US"),
    OrganisationRow(id=13, name="Lotus Pay", kind="PAYMENT_VENDOR", country="SG"),
    OrganisationRow(id=14, name="Meridian Credit Bureau", kind="CREDIT_AGENCY", country="GB"),
    OrganisationRow(id=15, name="Soundbook Credit Reports", kind="CREDIT_AGENCY", country="HK"),
    OrganisationRow(id=16, name="Consumer Protection Office", kind="AUTHORITY", country="HK"),
    OrganisationRow(id=17, name="District Court of the Eastern Quays", kind="AUTHORITY", country="US"),
    OrganisationRow(id=18, name="Alder & Finch Trade Marks", kind="CLAIMANT", country="GB"),
    OrganisationRow(id=19, name="Montclair Parfums", kind="CLAIMANT", country="FR"),
    OrganisationRow(id=20, name="Longridge Capital Partners", kind="ACQUIRER", country="US"),
    OrganisationRow(id=21, name="Kitayama Holdings", kind="ACQUIRER", country="JP"),
)

CAMPAIGNS = ("Spring Fair Offers", "Ship Safely This Autumn", "New Importers' Welcome", "Year-End Savings")

# Names ----------------------------------------------------------------------------------------------------------------

CHINESE = Script(
    given=_names(
        "伟 wei, 芳 fang, 娜 na, 秀英 xiuying, 敏 min, 静 jing, 丽 li, 强 qiang, 磊 lei, 军 jun, 洋 yang, 勇 yong, "
        "艳 yan, 杰 jie, 涛 tao, 明 ming, 超 chao, 兰 lan, 霞 xia, 建国 jianguo, 文静 wenjing, 志强 zhiqiang"
    ),
    family=_names(
        "王 wang, 李 li, 张 zhang, 刘 liu, 陈 chen, 杨 yang, 赵 zhao, 黄 huang, 周 zhou, 吴 wu, 徐 xu, 孙 sun, 胡 hu, "
        "朱 zhu, 高 gao, 林 lin, 何 he, 郭 guo, 马 ma, 罗 luo, 欧阳 ouyang, 司马 sima"
    ),
    pattern="{family}{given}",
)
CANTONESE = Script(
    given=_names(
        "家豪 kaho, 嘉欣 kayan, 志明 chiming, 詠詩 wingsze, 俊傑 chunkit, 美玲 meiling, 子軒 tszhin, 麗華 laiwah, "
        "國強 kwokkeung, 慧敏 waiman, 偉文 waiman, 淑儀 shukyee"
    ),
    family=_names(
        "陳 chan, 黃 wong, 李 lee, 張 cheung, 梁 leung, 林 lam, 鄭 cheng, 何 ho, 吳 ng, 劉 lau, 葉 yip, 鄧 tang"
    ),
    pattern="{family}{given}",
)
ENGLISH_SCRIPT = Script(
    given=_names(
        "James james, Mary mary, Robert robert, Patricia patricia, Michael michael, Linda linda, David david, "
        "Barbara barbara, William william, Susan susan, Grace grace, Thomas thomas, Emily emily, Daniel daniel, "
        "Olivia olivia, George george, Charlotte charlotte, Zoë zoe, Chloé chloe, Renée renee"
    ),
    family=_names(
        "Smith smith, Johnson johnson, Williams williams, Brown brown, Jones jones, Miller miller, Davis davis, "
        "Wilson wilson, Taylor taylor, Clark clark, Walker walker, Wright wright, Hughes hughes, Edwards edwards, "
        "Green green, O'Brien obrien, MacLeod macleod, Fitzgerald fitzgerald, Brontë bronte"
    ),
)
GERMAN = Script(
    given=_names(
        "Jürgen juergen, Sabine sabine, Klaus klaus, Käthe kaethe, Günter guenter, Anna anna, Stefan stefan, Ute ute, "
        "Björn bjoern, Lena lena, Matthias matthias, Jörg joerg, Heike heike, Lukas lukas"
    ),
    family=_names(
        "Müller mueller, Schmidt schmidt, Schäfer schaefer, Weiß weiss, Köhler koehler, Fischer fischer, Weber weber, "
        "Krüger krueger, Böhm boehm, Vogel vogel, Groß gross, Lange lange, von Berg vonberg, Jäger jaeger"
    ),
)
FRENCH = Script(
    given=_names(
        "Élodie elodie, François francois, Chloé chloe, Jérôme jerome, Amélie amelie, Benoît benoit, Thérèse therese, "
        "Loïc loic, Camille camille, Mathieu mathieu, Zoé zoe, Noël noel, Hélène helene"
    ),
    family=_names(
        "Lefèvre lefevre, Dubois dubois, Moreau moreau, Gauthier gauthier, Bélanger belanger, Garçon garcon, "
        "Dupré dupre, Benoît benoit, Fournier fournier, Château chateau, de la Tour delatour, Lacroix lacroix"
    ),
)
SPANISH = Script(
    given=_names(
        "José jose, María maria, Ángel angel, Lucía lucia, Andrés andres, Inés ines, Íñigo inigo, Sofía sofia, "
        "Raúl raul, Begoña begona, Martín martin, Verónica veronica, Jesús jesus"
    ),
    family=_names(
        "García garcia, Rodríguez rodriguez, Martínez martinez, López lopez, Muñoz munoz, Núñez nunez, Ibáñez ibanez, "
        "Peña pena, Gutiérrez gutierrez, Ramírez ramirez, Vázquez vazquez, Castro castro, Herrera herrera"
    ),
)
PORTUGUESE = Script(
    given=_names(
        "João joao, Conceição conceicao, Luís luis, Inês ines, Antônio antonio, Letícia leticia, Sérgio sergio, "
        "Márcia marcia, Caio caio, Flávia flavia, Tomás tomas, Beatriz beatriz"
    ),
    family=_names(
        "Gonçalves goncalves, Magalhães magalhaes, Araújo araujo, Simões simoes, Sousa sousa, Conceição conceicao, "
        "Brandão brandao, Oliveira oliveira, Corrêa correa, Teixeira teixeira, Guimarães guimaraes, Lima lima"
    ),
)
ITALIAN = Script(
    given=_names(
        "Niccolò niccolo, Giulia giulia, Marco marco, Chiara chiara, Andrea andrea, Francesca francesca, Luca luca, "
        "Elena elena, Matteo matteo, Paola paola, Nicolò nicolo, Sara sara"
    ),
    family=_names(
        "Rossi rossi, Russo russo, Ferrari ferrari, Esposito esposito, Bianchi bianchi, Colombo colombo, "
        "Nicolò nicolo, De Luca deluca, Moretti moretti, Dall'Orto dallorto, Greco greco"
    ),
)
POLISH = Script(
    given=_names(
        "Łukasz lukasz, Małgorzata malgorzata, Paweł pawel, Agnieszka agnieszka, Michał michal, Zofia zofia, "
        "Grażyna grazyna, Stanisław stanislaw, Róża roza, Wojciech wojciech, Bożena bozena"
    ),
    family=_names(
        "Nowak nowak, Wójcik wojcik, Kowalczyk kowalczyk, Woźniak wozniak, Król krol, Pająk pajak, Wróbel wrobel, "
        "Łuczak luczak, Stępień stepien, Gołąb golab, Mazur mazur, Dudek dudek"
    ),
)
SWEDISH = Script(
    given=_names(
        "Åsa asa, Björn bjorn, Märta marta, Göran goran, Erik erik, Linnéa linnea, Sören soren, Ingrid ingrid, "
        "Håkan hakan, Karin karin, Östen osten"
    ),
    family=_names(
        "Lindström lindstrom, Sjöberg sjoberg, Bergström bergstrom, Åkesson akesson, Nyström nystrom, Ek ek, "
        "Öberg oberg, Holm holm, Sjögren sjogren, Dahl dahl, Håkansson hakansson"
    ),
)
TURKISH = Script(
    given=_names(
        "Ayşe ayse, Mehmet mehmet, Gülşen gulsen, Çağrı cagri, Özlem ozlem, Ümit umit, İbrahim ibrahim, Şule sule, "
        "Emre emre, Zeynep zeynep, Oğuz oguz, Işıl isil"
    ),
    family=_names(
        "Yılmaz yilmaz, Öztürk ozturk, Şahin sahin, Çelik celik, Yıldız yildiz, Aydın aydin, Güneş gunes, Doğan dogan, "
        "Koç koc, Kılıç kilic, Erdoğdu erdogdu"
    ),
)
VIETNAMESE = Script(
    given=_names(
        "Thị Hương huong, Văn Minh minh, Đức duc, Thị Lan lan, Quốc Bảo bao, Thúy thuy, Hữu Phước phuoc, Mỹ Linh linh, "
        "Anh Tuấn tuan, Ngọc ngoc, Thành Đạt dat"
    ),
    family=_names(
        "Nguyễn nguyen, Trần tran, Lê le, Phạm pham, Hoàng hoang, Vũ vu, Đặng dang, Bùi bui, Đỗ do, Hồ ho, Ngô ngo"
    ),
    pattern="{family} {given}",
)
NIGERIAN = Script(
    given=_names(
        "Adébáyò adebayo, Ngọzi ngozi, Chinedu chinedu, Fọlákẹ́ folake, Emeka emeka, Yetúndé yetunde, Ifeoma ifeoma, "
        "Tunde tunde, Amina amina, Olúwaṣeun oluwaseun, Musa musa"
    ),
    family=_names(
        "Ọkọ́nkwọ́ okonkwo, Adéyẹmí adeyemi, Balógun balogun, Eze eze, Ògúnlẹ́yẹ ogunleye, Bello bello, Nwosu nwosu, "
        "Abubakar abubakar, Ọlábòdé olabode, Ibrahim ibrahim, Ukaegbu ukaegbu"
    ),
)
RUSSIAN = Script(
    given=_names(
        "Иван ivan, Ольга olga, Сергей sergey, Наталья natalya, Дмитрий dmitry, Екатерина ekaterina, Алексей aleksey, "
        "Татьяна tatyana, Артём artyom, Юлия yulia, Николай nikolay, Светлана svetlana"
    ),
    family=_names(
        "Коваль koval, Шевченко shevchenko, Бондарь bondar, Ткач tkach, Мельник melnik, Кравец kravets, "
        "Литвин litvin, Рудь rud, Мороз moroz, Черныш chernysh, Соловей solovey"
    ),
)
UKRAINIAN = Script(
    given=_names(
        "Олександр oleksandr, Оксана oksana, Андрій andrii, Наталія nataliia, Ярослав yaroslav, Ірина iryna, "
        "Михайло mykhailo, Соломія solomiia, Тарас taras, Христина khrystyna, Євген yevhen, Ганна hanna"
    ),
    family=_names(
        "Шевченко shevchenko, Коваленко kovalenko, Бойко boiko, Кравчук kravchuk, Мельник melnyk, Поліщук polishchuk, "
        "Гнатюк hnatiuk, Лисенко lysenko, Савчук savchuk, Ткаченко tkachenko, Федорів fedoriv"
    ),
)
GREEK = Script(
    given=_names(
        "Γιώργος giorgos, Μαρία maria, Δημήτρης dimitris, Ελένη eleni, Κώστας kostas, Κατερίνα katerina, Νίκος nikos, "
        "Σοφία sofia, Θανάσης thanasis, Αγγελική angeliki, Παύλος pavlos"
    ),
    family=_names(
        "Οικονόμου oikonomou, Γεωργίου georgiou, Αλεξίου alexiou, Κωνσταντίνου konstantinou, Δήμου dimou, "
        "Λάμπρου lamprou, Νικολάου nikolaou, Βασιλείου vasileiou, Αντωνίου antoniou, Ιωάννου ioannou"
    ),
)
HINDI = Script(
    given=_names(
        "प्रिया priya, राहुल rahul, अंजलि anjali, विक्रम vikram, सुनीता sunita, अमित amit, कविता kavita, संजय sanjay, "
        "नेहा neha, राजेश rajesh, पूजा pooja, अर्जुन arjun, मीरा meera, दीपक deepak"
    ),
    family=_names(
        "शर्मा sharma, वर्मा verma, गुप्ता gupta, सिंह singh, पटेल patel, मेहता mehta, जोशी joshi, अग्रवाल agarwal, "
        "मिश्रा mishra, कपूर kapoor, चौहान chauhan, देसाई desai"
    ),
)
ARABIC = Script(
    given=_names(
        "محمد mohammed, فاطمة fatima, أحمد ahmed, عائشة aisha, خالد khalid, مريم mariam, يوسف youssef, ليلى layla, "
        "عمر omar, نورة noura, حسن hassan, سلمى salma, طارق tariq, هدى huda"
    ),
    family=_names(
        "المنصوري almansouri, الحداد alhaddad, النجار alnajjar, الخطيب alkhatib, الشريف alsharif, القحطاني alqahtani, "
        "حمدان hamdan, سليمان suleiman, الزهراني alzahrani, عبد الله abdullah, الفارسي alfarsi"
    ),
)
KOREAN = Script(
    given=_names(
        "민준 minjun, 서연 seoyeon, 지훈 jihoon, 수빈 subin, 현우 hyunwoo, 지은 jieun, 영호 youngho, 미경 mikyung, "
        "도윤 doyun, 하은 haeun, 성민 seongmin"
    ),
    family=_names("김 kim, 이 lee, 박 park, 최 choi, 정 jung, 강 kang, 조 cho, 윤 yoon, 장 jang, 임 lim, 한 han"),
    pattern="{family}{given}",
)
JAPANESE = Script(
    given=_names(
        "太郎 taro, 花子 hanako, 健一 kenichi, 美咲 misaki, 翔太 shota, さくら sakura, 大輔 daisuke, 陽子 yoko, "
        "直樹 naoki, ひかり hikari, 誠 makoto, 由美 yumi"
    ),
    family=_names(
        "佐藤 sato, 鈴木 suzuki, 高橋 takahashi, 田中 tanaka, 伊藤 ito, 渡辺 watanabe, 山本 yamamoto, 中村 nakamura, "
        "小林 kobayashi, 加藤 kato, 吉田 yoshida, 松本 matsumoto"
    ),
    pattern="{family} {given}",
)

# Places ---------------------------------------------------------------------------------------------------------------

CHINA = Country(
    code="CN",
    phone="86",
    currency="CNY",
    per_dollar=7,
    script=CHINESE,
    cities=_listed("Shenzhen, Guangzhou, Yiwu, Ningbo, Hangzhou, Dongguan, Foshan, Qingdao, Shanghai, Xiamen, Wenzhou"),
    streets=_listed("人民路{}号, 中山路{}号, 解放路{}号, 建设大道{}号, 工业园东路{}号, 科技南路{}号, 和平街{}号"),
    company="{city} {brand} {trade} Co., Ltd.",
)
HONG_KONG = Country(
    code="HK",
    phone="852",
    currency="HKD",
    per_dollar=8,
    script=CANTONESE,
    cities=_listed("Kowloon, Causeway Bay, Kwun Tong, Sha Tin, Tsuen Wan"),
    streets=_listed("彌敦道{}號, 皇后大道中{}號, 觀塘道{}號, {} Nathan Road, {} Gloucester Road"),
    company="{brand} {trade} (HK) Limited",
)
UNITED_STATES = Country(
    code="US",
    phone="1",
    currency="USD",
    per_dollar=1,
    script=ENGLISH_SCRIPT,
    cities=_listed("Chicago, Houston, Seattle, Atlanta, Denver, Los Angeles, Miami, Newark, Portland"),
    streets=_listed("{} Main Street, {} Maple Avenue, {} Commerce Drive, {} Lakeview Road, {} Harbor Boulevard"),
    company="{brand} {trade} Inc.",
)
UNITED_KINGDOM = Country(
    code="GB",
    phone="44",
    currency="GBP",
    per_dollar=1,
    script=ENGLISH_SCRIPT,
    cities=_listed("London, Manchester, Leeds, Bristol, Glasgow, Cardiff, Birmingham"),
    streets=_listed("{} High Street, {} Station Road, {} Mill Lane, {} Church Row, {} Dock Street"),
    company="{brand} {trade} Ltd",
)
GERMANY = Country(
    code="DE",
    phone="49",
    currency="EUR",
    per_dollar=1,
    script=GERMAN,
    cities=_listed("Berlin, Hamburg, München, Köln, Stuttgart, Düsseldorf, Leipzig, Nürnberg"),
    streets=_listed("Hauptstraße {}, Bahnhofstraße {}, Gartenweg {}, Lindenallee {}, Am Güterbahnhof {}"),
    company="{brand} {trade} GmbH",
)
FRANCE = Country(
    code="FR",
    phone="33",
    currency="EUR",
    per_dollar=1,
    script=FRENCH,
    cities=_listed("Paris, Lyon, Marseille, Nantes, Lille, Orléans, Besançon"),
    streets=_listed("{} rue de l'Église, {} avenue de la République, {} boulevard Voltaire, {} quai des Célestins"),
    company="{brand} {trade} SARL",
)
SPAIN = Country(
    code="ES",
    phone="34",
    currency="EUR",
    per_dollar=1,
    script=SPANISH,
    cities=_listed("Madrid, Barcelona, València, Málaga, Bilbao, A Coruña"),
    streets=_listed("Calle Mayor {}, Avenida de la Constitución {}, Paseo Marítimo {}, Plaza de España {}"),
    company="{brand} {trade} S.L.",
)
MEXICO = Country(
    code="MX",
    phone="52",
    currency="MXN",
    per_dollar=18,
    script=SPANISH,
    cities=_listed("Guadalajara, Monterrey, Ciudad de México, Puebla, León, Mérida"),
    streets=_listed("Avenida Juárez {}, Calle Hidalgo {}, Calzada de Tlalpan {}, Avenida Revolución {}"),
    company="{brand} {trade} S.A. de C.V.",
)
BRAZIL = Country(
    code="BR",
    phone="55",
    currency="BRL",
    per_dollar=5,
    script=PORTUGUESE,
    cities=_listed("São Paulo, Rio de Janeiro, Curitiba, Recife, Florianópolis, Goiânia"),
    streets=_listed("Rua das Flores {}, Avenida Paulista {}, Rua São João {}, Travessa do Comércio {}"),
    company="{brand} {trade} Ltda.",
)
ITALY = Country(
    code="IT",
    phone="39",
    currency="EUR",
    per_dollar=1,
    script=ITALIAN,
    cities=_listed("Milano, Torino, Bologna, Napoli, Firenze, Verona"),
    streets=_listed("Via Roma {}, Via Garibaldi {}, Corso Italia {}, Piazza della Libertà {}"),
    company="{brand} {trade} S.r.l.",
)
POLAND = Country(
    code="PL",
    phone="48",
    currency="PLN",
    per_dollar=4,
    script=POLISH,
    cities=_listed("Warszawa, Kraków, Łódź, Wrocław, Gdańsk, Poznań"),
    streets=_listed("ul. Długa {}, ul. Kościuszki {}, al. Niepodległości {}, ul. Przemysłowa {}"),
    company="{brand} {trade} Sp. z o.o.",
)
SWEDEN = Country(
    code="SE",
    phone="46",
    currency="SEK",
    per_dollar=10,
    script=SWEDISH,
    cities=_listed("Stockholm, Göteborg, Malmö, Uppsala, Västerås"),
    streets=_listed("Storgatan {}, Kungsgatan {}, Hamnvägen {}, Björkallén {}"),
    company="{brand} {trade} AB",
)
TURKEY = Country(
    code="TR",
    phone="90",
    currency="TRY",
    per_dollar=30,
    script=TURKISH,
    cities=_listed("İstanbul, İzmir, Bursa, Denizli, Gaziantep"),
    streets=_listed("Atatürk Caddesi No {}, Cumhuriyet Bulvarı No {}, Çiçek Sokak No {}, Sanayi Yolu No {}"),
    company="{brand} {trade} A.Ş.",
)
VIETNAM = Country(
    code="VN",
    phone="84",
    currency="VND",
    per_dollar=25000,
    script=VIETNAMESE,
    cities=_listed("Hà Nội, Đà Nẵng, Hải Phòng, Cần Thơ, Biên Hòa"),
    streets=_listed("{} Lê Lợi, {} Trần Hưng Đạo, {} Nguyễn Huệ, {} Điện Biên Phủ"),
    company="{brand} {trade} JSC",
)
NIGERIA = Country(
    code="NG",
    phone="234",
    currency="NGN",
    per_dollar=1500,
    script=NIGERIAN,
    cities=_listed("Lagos, Kano, Ibadan, Abuja, Port Harcourt"),
    streets=_listed("{} Broad Street, {} Allen Avenue, {} Market Road, {} Awolowo Way"),
    company="{brand} {trade} Nigeria Ltd",
)
KAZAKHSTAN = Country(
    code="KZ",
    phone="7",
    currency="KZT",
    per_dollar=500,
    script=RUSSIAN,
    cities=_listed("Almaty, Astana, Shymkent, Karaganda, Aktobe"),
    streets=_listed("ул. Садовая {}, ул. Мира {}, пр. Победы {}, ул. Заводская {}"),
    company="{brand} {trade} LLP",
)
UKRAINE = Country(
    code="UA",
    phone="380",
    currency="UAH",
    per_dollar=40,
    script=UKRAINIAN,
    cities=_listed("Kyiv, Lviv, Odesa, Kharkiv, Dnipro"),
    streets=_listed("вул. Хрещатик {}, вул. Шевченка {}, просп. Свободи {}, вул. Зелена {}"),
    company="{brand} {trade} LLC",
)
GREECE = Country(
    code="GR",
    phone="30",
    currency="EUR",
    per_dollar=1,
    script=GREEK,
    cities=_listed("Athens, Thessaloniki, Patras, Heraklion, Piraeus"),
    streets=_listed("Οδός Ερμού {}, Λεωφόρος Συγγρού {}, Οδός Πανεπιστημίου {}, Ακτή Μιαούλη {}"),
    company="{brand} {trade} S.A.",
)
INDIA = Country(
    code="IN",
    phone="91",
    currency="INR",
    per_dollar=80,
    script=HINDI,
    cities=_listed("Mumbai, Delhi, Jaipur, Surat, Ludhiana, Chennai, Pune, Kanpur"),
    streets=_listed("{} महात्मा गांधी मार्ग, {} स्टेशन रोड, {} नेहरू नगर, {} MG Road, {} Industrial Area Phase II"),
    company="{brand} {trade} Pvt. Ltd.",
)
EMIRATES = Country(
    code="AE",
    phone="971",
    currency="AED",
    per_dollar=4,
    script=ARABIC,
    cities=_listed("Dubai, Abu Dhabi, Sharjah, Ajman"),
    streets=_listed("{} شارع الشيخ زايد, {} شارع المكتوم, {} شارع الاتحاد, {} Al Wahda Street"),
    company="{brand} {trade} FZE",
)
EGYPT = Country(
    code="EG",
    phone="20",
    currency="EGP",
    per_dollar=45,
    script=ARABIC,
    cities=_listed("Cairo, Alexandria, Giza, Port Said, Mansoura"),
    streets=_listed("{} شارع التحرير, {} شارع النيل, {} شارع الجمهورية, {} شارع رمسيس"),
    company="{brand} {trade} S.A.E.",
)
KOREA = Country(
    code="KR",
    phone="82",
    currency="KRW",
    per_dollar=1300,
    script=KOREAN,
    cities=_listed("Seoul, Busan, Incheon, Daegu, Ulsan"),
    streets=_listed("테헤란로 {}, 세종대로 {}, 강남대로 {}, 해운대로 {}"),
    company="{brand} {trade} Co., Ltd.",
)
JAPAN = Country(
    code="JP",
    phone="81",
    currency="JPY",
    per_dollar=150,
    script=JAPANESE,
    cities=_listed("Tokyo, Osaka, Nagoya, Yokohama, Fukuoka, Kyoto"),
    streets=_listed("中央区銀座{}番地, 北区梅田{}番地, 港区芝浦{}番地, 西区みなとみらい{}番地"),
    company="{brand} {trade} K.K.",
)

# A country named more often has more members.
COUNTRIES = (
    *(CHINA, CHINA, CHINA, CHINA, CHINA, CHINA, HONG_KONG, HONG_KONG, INDIA, INDIA, INDIA, INDIA),
    *(UNITED_STATES, UNITED_STATES, UNITED_STATES, UNITED_STATES, UNITED_KINGDOM, UNITED_KINGDOM, GERMANY, GERMANY),
    *(FRANCE, SPAIN, MEXICO, BRAZIL, BRAZIL, ITALY, POLAND, SWEDEN, TURKEY, VIETNAM, NIGERIA, NIGERIA, KAZAKHSTAN),
    *(UKRAINE, GREECE, EMIRATES, EGYPT, KOREA, JAPAN, JAPAN),
)

MAIL_DOMAINS = (
    *("example.com", "example.org", "example.net", "mail.example.com", "office.example.com", "post.example.org"),
    *("inbox.example.net", "trade.example.org"),
)

# People and companies -------------------------------------------------------------------------------------------------

JOB_TITLES = _listed(
    "Purchasing Manager, Sourcing Specialist, Owner, Managing Director, Sales Manager, Export Manager, Import Clerk, "
    "Chief Executive, Buyer, Procurement Officer, Logistics Coordinator, Account Manager, Factory Manager, "
    "Merchandiser, Operations Manager, Product Designer, Trader, Business Development Manager, Quality Inspector"
)

BRANDS = _listed(
    "Brightway, Golden Bridge, Evergreen, Blue Anchor, Red Lantern, Silver Crane, Sunrise, Northstar, Jade River, "
    "Great Wall Gate, Five Oceans, Lucky Carp, Pinewood, Harvest Moon, Ironbark, Cedar Hill, Kingfisher, White Lotus, "
    "Summit, Bluebird, Amber Road, Tidewater, Stonebridge, Copperfield, Swift Horse, Morning Dew, Long March, "
    "Seven Hills, Old Mill, Clearwater, Eagle Rock, Phoenix, Orchid, Falcon, Meridian, Terra Nova, Aurora, Polaris"
)

COMPANY_SENTENCES = (
    "{name} has supplied {goods} to buyers in more than {few} countries.",
    "We are a family business from {city}, making {goods} by hand and by machine.",
    "Our factory in {city} covers {many} square metres and works under ISO 9001.",
    "Quality first: every shipment of {goods} is inspected before it leaves our yard.",
    "We welcome small trial orders and long partnerships alike.",
    "Samples of our {goods} are sent within a week of your inquiry.",
    "We show new {goods} every season.",
    "We accept private labels, and pack as our customers wish.",
    "Since our first year we have delivered on time, {many} orders and counting.",
)

PRODUCT_SENTENCES = (
    "This {goods} sells well all year round.",
    "Every order of this {goods} is checked twice before packing.",
    "Our {goods} comes straight from the maker.",
    "Available in several sizes; other kinds on request.",
    "Packed in strong cartons, {few} to a carton.",
    "A favourite of shops and wholesalers in {few} countries.",
    "The price holds for orders within this quarter.",
    "We print your logo on the packing.",
    "Ships within {few} days of payment.",
    "Also sold in mixed pallets.",
    "All material is bought from certified sources only.",
)

# What corporate users let slip into what they publish.
SLIPS = (
    "Write to {email} for our full catalogue.",
    "For a better price ask {email}.",
    "Call {phone} at any hour.",
    "Phone: {phone} (ask for the sales desk).",
    "Call us at {national} during office hours.",
    "Tel. {national}",
    "电话：{wide}",
    "Hotline {wide}, 24 hours.",
    "WhatsApp {phone}",
    "WeChat: {handle}",
    "微信号：{handle}",
    "Add us on Skype: live:{handle}",
    "Telegram @{handle}",
    "QQ: {digits}",
)

# Goods ----------------------------------------------------------------------------------------------------------------

CATEGORIES = (
    ProductCategory(
        name="Lights & Lighting",
        trade="Lighting",
        cheapest=2,
        dearest=80,
        minimum=50,
        goods=_listed("LED panel light, desk lamp, garden lantern, street lamp, LED strip, ceiling lamp, floodlight"),
        qualities=_listed("dimmable, waterproof, solar, warm white, slim, rechargeable, smart"),
        specifications=_listed("12 W, 24 W, 3000 K warm white, 6500 K daylight, IP65, E27 socket"),
    ),
    ProductCategory(
        name="Apparel",
        trade="Garments",
        cheapest=3,
        dearest=60,
        minimum=100,
        goods=_listed("T-shirt, hooded jacket, linen shirt, wool scarf, work trousers, summer dress, raincoat"),
        qualities=_listed("cotton, organic, printed, quick-dry, embroidered, heavyweight, striped"),
        specifications=_listed("size S, size M, size L, size XL, navy blue, off-white, with sewn-in label"),
    ),
    ProductCategory(
        name="Shoes & Bags",
        trade="Leather Goods",
        cheapest=5,
        dearest=120,
        minimum=50,
        goods=_listed("handbag, travel bag, running shoe, leather boot, backpack, sandal, wallet, school bag"),
        qualities=_listed("full-grain, canvas, light, vegan, waxed, folding, classic"),
        specifications=_listed("size 38, size 42, brown, black, with dust bag, brass buckle"),
    ),
    ProductCategory(
        name="Consumer Electronics",
        trade="Electronics",
        cheapest=4,
        dearest=300,
        minimum=20,
        goods=_listed("power bank, wireless earphone, phone case, smart watch, speaker, webcam, charger, tablet stand"),
        qualities=_listed("portable, fast-charging, noise-cancelling, magnetic, foldable, rugged, compact"),
        specifications=_listed("EU plug, UK plug, US plug, 10 000 mAh, USB-C, gift box, white"),
    ),
    ProductCategory(
        name="Home & Garden",
        trade="Homeware",
        cheapest=1,
        dearest=90,
        minimum=50,
        goods=_listed("cooking pot, flower pot, bamboo tray, bath towel, storage basket, kitchen knife, kettle"),
        qualities=_listed("hand-made, stackable, enamel, stainless, woven, glazed, large"),
        specifications=_listed("30 cm, 45 cm, set of three, natural colour, matt finish, gift wrapped"),
    ),
    ProductCategory(
        name="Furniture",
        trade="Furniture",
        cheapest=20,
        dearest=900,
        minimum=5,
        goods=_listed("office chair, dining table, bookshelf, sofa bed, wardrobe, shoe cabinet, folding table"),
        qualities=_listed("oak, rattan, ergonomic, modern, upholstered, adjustable, solid pine"),
        specifications=_listed("grey fabric, black leather, flat-packed, walnut veneer, height 75 cm"),
    ),
    ProductCategory(
        name="Machinery",
        trade="Machinery",
        cheapest=300,
        dearest=20000,
        minimum=1,
        goods=_listed("packing machine, CNC lathe, water pump, oil press, laser cutter, air compressor, mixer"),
        qualities=_listed("automatic, semi-automatic, heavy-duty, two-stage, energy-saving, compact, high-speed"),
        specifications=_listed("380 V 50 Hz, 220 V 60 Hz, with spare parts, English manual, stainless housing"),
    ),
    ProductCategory(
        name="Construction Materials",
        trade="Building Materials",
        cheapest=1,
        dearest=70,
        minimum=200,
        goods=_listed("floor tile, steel pipe, door handle, roof panel, window frame, wall panel, wood plank, hinge"),
        qualities=_listed("galvanised, polished, anti-slip, fireproof, double-glazed, powder-coated, rustic"),
        specifications=_listed("60 × 60 cm, 6 m lengths, RAL 7016, class A1, on pallets"),
    ),
    ProductCategory(
        name="Toys & Hobbies",
        trade="Toys",
        cheapest=1,
        dearest=50,
        minimum=100,
        goods=_listed("wooden puzzle, plush bear, kite, toy train, board game, building block set, doll house, drone"),
        qualities=_listed("educational, colourful, soft, remote-controlled, foldable, classic, giant"),
        specifications=_listed("from 3 years, CE marked, colour box, batteries not included, mixed colours"),
    ),
    ProductCategory(
        name="Food & Beverage",
        trade="Foods",
        cheapest=1,
        dearest=40,
        minimum=100,
        goods=_listed("green tea, olive oil, dried mango, basmati rice, coffee bean, sesame seed, honey, saffron"),
        qualities=_listed("organic, premium, first harvest, roasted, cold-pressed, wild, fair-trade"),
        specifications=_listed("1 kg bag, 5 l canister, vacuum packed, halal certified, 24 × 250 g"),
    ),
    ProductCategory(
        name="Sports & Entertainment",
        trade="Sporting Goods",
        cheapest=3,
        dearest=400,
        minimum=20,
        goods=_listed("yoga mat, camping tent, fishing rod, football, dumbbell set, bicycle helmet, tennis racket"),
        qualities=_listed("non-slip, ultralight, carbon, competition, inflatable, four-season, junior"),
        specifications=_listed("green, blue, 6 mm, two persons, with carry bag, size 5"),
    ),
    ProductCategory(
        name="Health & Medical",
        trade="Medical Supplies",
        cheapest=1,
        dearest=500,
        minimum=50,
        goods=_listed("face mask, thermometer, wheelchair, first-aid kit, massage cushion, crutch, glove"),
        qualities=_listed("disposable, digital, folding, sterile, infrared, latex-free, clinical"),
        specifications=_listed("box of 50, EN 14683, size M, with case, CE and FDA papers"),
    ),
    ProductCategory(
        name="Packaging & Printing",
        trade="Packaging",
        cheapest=1,
        dearest=20,
        minimum=500,
        goods=_listed("paper bag, carton box, glass jar, gift box, label roll, zip pouch, wine bottle, mailer"),
        qualities=_listed("recycled, kraft, printed, tamper-proof, embossed, compostable, rigid"),
        specifications=_listed("one-colour print, full-colour print, 250 g/m², 500 ml, own artwork"),
    ),
    ProductCategory(
        name="Vehicle Parts",
        trade="Auto Parts",
        cheapest=3,
        dearest=600,
        minimum=10,
        goods=_listed("brake pad, roof rack, car cover, headlamp, seat cover, oil filter, wheel rim, shock absorber"),
        qualities=_listed("ceramic, universal, reinforced, chrome, OEM, heavy-duty, breathable"),
        specifications=_listed("front axle, rear axle, left-hand drive, 17 inch, pair, with fitting kit"),
    ),
)
