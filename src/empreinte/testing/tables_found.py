"""The headers of exported tables as they were found, with what becomes of their columns."""

from __future__ import annotations

from empreinte.testing.table_sample import Sample

_INSTAGRAM_EN = """
Post ID | id
Account ID | 178400000001
Account username | mon_compte
Account name | Mon compte
Description | Texte {n}
Duration (sec) | 0
Publish time | moment
Permalink | https://www.instagram.com/p/{n}/
Post type | IG image
Data comment |
Date | Lifetime
Views | number | views
Reach | number | reach
Likes | number | likes
Shares | number | shares
Follows | number | new_followers
Comments | number | replies
Saves | number | bookmarks
"""
_INSTAGRAM_FR = """
Identifiant de la publication | id
Identifiant du compte | 178400000001
Nom de profil du compte | mon_compte
Nom du compte | Mon compte
Description | Texte {n}
Durée (s) | 0
Heure de publication | moment
Permalien | https://www.instagram.com/p/{n}/
Type de publication | Image IG
Commentaire des données |
Date | Global
Vues | number | views
Couverture | number | reach
Mentions J’aime | number | likes
Partages | number | shares
Followers en plus | number | new_followers
Commentaires | number | replies
Enregistrements | number | bookmarks
"""
_STORIES_FR = """
Identifiant de la publication | id
ID du compte | 178400000001
Nom de profil du compte | mon_compte
Nom du compte | Mon compte
Description |
Durée (s) | 12
Heure de publication | moment
Permalien | https://www.instagram.com/stories/{n}/
Type de publication | Story IG
Commentaire des données |
Date | Global
Vues | number | views
Couverture | number | reach
Mentions J'aime | number | likes
Réponses | number | replies
Visites de profil | number | profile_views
Clics sur le lien | number | clicks
Appuis sur des stickers | number | sticker_taps
Navigation | number | navigation
Followers en plus | number | new_followers
"""
_FACEBOOK_EN = """
Post ID | id
Page ID | 100000000001
Page name | Ma page
Title | Titre {n}
Description |
Duration (sec) | 0
Publish time | moment
Caption type |
Permalink | https://www.facebook.com/{n}
Is crosspost | 0
Is share | 0
Post type | Photos
Languages |
Custom labels |
Funded content status |
Data comment |
Date | Lifetime
Views | number | views
Reach | number | reach
Reactions, Comments and Shares | number | engagements
Reactions | number | likes
Comments | number | replies
Shares | number | shares
Total clicks | number | clicks
Link Clicks | number | link_clicks
Other Clicks | number | other_clicks
Matched Audience Targeting Consumption (Photo Click) | 0
Seconds viewed | number | seconds_viewed
Average Seconds viewed | decimals | mean_seconds_viewed
Estimated earnings (USD) | decimals | revenue_usd
Ad impressions | number | ad_impressions
Views |
"""
_FACEBOOK_FR = """
Identifiant de la publication | id
ID de la Page | 100000000001
Nom de la page | Ma page
Titre | Titre {n}
Description |
Durée (s) | 0
Heure de publication | moment
Permalien | https://www.facebook.com/reel/{n}
Est un crosspostage | 0
Est un partage | 0
Type de publication | Vidéos
Langues |
Date | Global
Vues | number | views
Couverture | number | reach
Réactions, commentaires et partages | number | engagements
Réactions | number | likes
Commentaires | number | replies
Partages | number | shares
Total des clics | number | clicks
Clics sur un lien | number | link_clicks
Vues de Publications organiques | number | views_organic
Vues de Publications boostées | number | views_boosted
Couverture de Publications organiques | number | reach_organic
Couverture de Publications boostées | number | reach_boosted
Vues de vidéo d’une minute | number | views_1_minute
Spectateurs de 3\u00a0secondes | number | viewers_3_seconds
Revenus estimés (USD) | decimals | revenue_usd
"""
_YOUTUBE_EN = """
Content | vid{n}
Video title | Ma vidéo {n}
Video publish time | day
Duration | 52
Engaged views | number | engaged_views
Average view duration | clock | mean_view_s
Average percentage viewed (%) | percent | seen_share
Stayed to watch (%) | percent | stayed_share
Unique viewers | number | viewers
Unique reach | number | reach
Average views per viewer | decimals | views_per_viewer
New viewers | number | new_viewers
Returning viewers | number | returning_viewers
Casual viewers | number | casual_viewers
Regular viewers | number | regular_viewers
Subscribers gained | number | gained_followers
Subscribers lost | number | lost_followers
Dislikes | number | dislikes
Likes | number | likes
Likes (vs. dislikes) (%) | percent | like_share
Shares | number | shares
Comments added | number | replies
Post subscribers | number | post_followers
Views | number | views
Watch time (hours) | decimals | watch_hours
Subscribers | number | new_followers
Impressions | number | impressions
Impressions click-through rate (%) | percent | click_rate
"""
_YOUTUBE_FR = """
Contenu | vid{n}
Titre de la vidéo | Ma vidéo {n}
Heure de publication de la vidéo | day
Durée | 52
Vues | number | views
Vues intentionnelles | number | engaged_views
Durée de visionnage (heures) | decimals | watch_hours
Nouveaux abonnés | number | new_followers
Impressions | number | impressions
Taux de clics par impression (%) | percent | click_rate
Durée moyenne d'une vue | clock | mean_view_s
Pourcentage moyen de vidéo regardé (%) | percent | seen_share
Ont continué de regarder (%) | percent | stayed_share
Spectateurs uniques | number | viewers
Spectateurs réguliers | number | regular_viewers
Spectateurs occasionnels | number | casual_viewers
Partages | number | shares
J'aime | number | likes
Commentaires ajoutés | number | replies
"""

_YOUTUBE_PT = """
Conteúdo | vid{n}
Título do vídeo | Meu vídeo {n}
Horário de publicação do vídeo | day
Duração | 35
Visualizações | number | views
Visualizações intencionais | number | engaged_views
Tempo de exibição (horas) | decimals | watch_hours
Duração média da visualização | clock | mean_view_s
Porcentagem visualizada média (%) | percent | seen_share
Inscritos | number | new_followers
Espectadores únicos | number | viewers
Impressões | number | impressions
Taxa de cliques de impressões (%) | percent | click_rate
"""
_INSTAGRAM_PT = """
Identificação do post | id
Identificação da conta | 178400000001
Nome de usuário da conta | minha_conta
Nome da conta | Minha conta
Descrição | Texto {n}
Duração (s) | 0
Horário de publicação | moment
Link permanente | https://www.instagram.com/p/{n}/
Tipo de post | Imagem do IG
Data |
Visualizações | number | views
Alcance | number | reach
Curtidas | number | likes
Compartilhamentos | number | shares
Seguimentos | number | new_followers
Comentários | number | replies
Salvamentos | number | bookmarks
"""


def _days(columns: str, *metrics: str) -> str:
    """Make a table of days of names with bars between them, and what each becomes."""
    first, *others = columns.split("|")
    rows = [
        f"{name} | number | {metric}_per_day" if metric else f"{name} | 0"
        for name, metric in zip(others, metrics, strict=True)
    ]
    return "\n".join([f"{first} | day", *rows])


_OLD = (
    "engagements|engagement rate|retweets|replies|likes|user profile clicks|url clicks|"
    "hashtag clicks|detail expands|permalink clicks|app opens|app installs|follows|email tweet|"
    "dial phone|media views|media engagements"
)
_OLD_METRICS = [
    "engagements",
    "engagement_rate",
    "shares",
    "replies",
    "likes",
    "profile_views",
    "clicks",
    "hashtag_clicks",
    "detail_expands",
    "permalink_clicks",
    "app_opens",
    "app_installs",
    "new_followers",
    "emailed",
    "phone_calls",
    "media_seen",
    "media_engagements",
]
_PROMOTED = "promoted impressions|promoted engagements|promoted likes"
SAMPLES: tuple[Sample, ...] = (
    Sample("instagram posts", "en", "instagram", _INSTAGRAM_EN, days="mdy", keeps="posts",
           encoding="utf-8-sig"),
    Sample("instagram posts", "fr", "instagram", _INSTAGRAM_FR, days="mdy", keeps="posts",
           encoding="utf-8-sig"),
    Sample("instagram posts of Brazil", "pt", "instagram", _INSTAGRAM_PT, days="mdy",
           keeps="posts", encoding="utf-8-sig"),
    Sample("instagram stories", "fr", "instagram", _STORIES_FR, days="mdy", keeps="posts",
           encoding="utf-8-sig"),
    Sample("facebook posts", "en", "facebook", _FACEBOOK_EN, days="mdy", keeps="posts",
           encoding="utf-8-sig"),
    Sample("facebook posts", "fr", "facebook", _FACEBOOK_FR, days="mdy", keeps="posts",
           encoding="utf-8-sig"),
    Sample("facebook page", "en", "facebook",
           "Page ID | 100000000001\nPage name | Ma page\nData comment |\nDate | day\n"
           "Unique user engagements | number | engaged_per_day\n"
           "Overall negative feedback | number | negative_feedback_per_day", days="mdy"),
    *(
        Sample(f"meta {title}", language, platform, f"Date | day\nPrimary | number | {metric}",
               above=f'sep=,\n"{title}"\n', encoding="utf-16")
        for language, platform, title, metric in (
            ("en", "meta", "Follows", "new_followers_per_day"),
            ("en", "facebook", "Facebook follows", "new_followers_per_day"),
            ("en", "instagram", "Instagram follows", "new_followers_per_day"),
            ("en", "facebook", "Facebook reach", "reach_per_day"),
            ("en", "instagram", "Instagram reach", "reach_per_day"),
            ("en", "meta", "Views", "views_per_day"),
            ("en", "meta", "Viewers", "viewers_per_day"),
            ("en", "meta", "Content interactions", "engagements_per_day"),
            ("en", "facebook", "Facebook visits", "profile_views_per_day"),
            ("en", "facebook", "Facebook link clicks", "clicks_per_day"),
            ("fr", "meta", "Followers en plus", "new_followers_per_day"),
            ("fr", "meta", "Visites", "profile_views_per_day"),
            ("fr", "meta", "Vues", "views_per_day"),
        )
    ),
    Sample("meta Alcance", "pt", "meta", "Data | day\nPrimary | number | reach_per_day",
           above='sep=,\n"Alcance"\n', encoding="utf-16"),
    Sample("meta audience", "en", "meta", " | 18-24\nWomen | 10.6\nMen | 6.5", keeps="nothing",
           above='sep=,\n"Age & gender"\n', encoding="utf-16"),
    Sample("youtube videos", "en", "youtube", _YOUTUBE_EN, days="us", keeps="posts"),
    Sample("youtube videos", "fr", "youtube", _YOUTUBE_FR, days="fr", keeps="posts"),
    Sample("youtube videos saved again", "fr", "youtube", _YOUTUBE_FR, days="fr", keeps="posts",
           separator=";"),
    Sample("youtube videos", "pt", "youtube", _YOUTUBE_PT, days="us", keeps="posts"),
    Sample("youtube videos", "es", "youtube",
           "Contenido | vid{n}\nTítulo del video | Mi video {n}\nHora de publicación del video | "
           "day\n"
           "Vistas | number | views\nTiempo de visualización (horas) | decimals | watch_hours\n"
           "Impresiones | number | impressions\nSuscriptores | number | new_followers",
           keeps="posts"),
    Sample("youtube chart", "en", "youtube",
           "Date | day\nContent | vid\nVideo title | Ma vidéo\nVideo publish time | \n"
           "Duration | 5\nEngaged views | number | engaged_views_per_day"),
    Sample("youtube totals", "en", "youtube", _days("Date|Views", "views"), file="Totals.csv"),
    Sample("youtube totals", "fr", "youtube", _days("Date|Nouveaux abonnés", "new_followers"),
           file="Totaux.csv"),
    *(
        Sample(f"youtube by {by}", language, "youtube", f"{by} | FR\n{views} | number",
               keeps="nothing")
        for language, by, views in (
            ("en", "Geography", "Views"), ("en", "Traffic source", "Views"),
            ("fr", "Source de trafic", "Vues"),
        )
    ),
    Sample("x days", "en", "x", _days(
        "Date|Impressions|Likes|Engagements|Bookmarks|Shares|New follows|Unfollows|Replies|Reposts|"
        "Profile visits|Create Post|Video views|Media views",
        "impressions", "likes", "engagements", "bookmarks", "shares_sent", "new_followers",
        "lost_followers", "replies", "shares", "profile_views", "new_posts", "videos_seen",
        "media_seen"), days="weekday"),
    Sample("x posts", "en", "x",
           "Post id | id\nDate | day\nPost text | Texte {n}\nPost Link | https://x.com/a/status/{n}\n"
           "Impressions | number | impressions\nLikes | number | likes\n"
           "Engagements | number | engagements\nBookmarks | number | bookmarks\n"
           "Shares | number | shares_sent\nNew follows | number | new_followers\n"
           "Replies | number | replies\nReposts | number | shares\n"
           "Profile visits | number | profile_views\nDetail Expands | number | detail_expands\n"
           "URL Clicks | number | clicks\nHashtag Clicks | number | hashtag_clicks\n"
           "Permalink Clicks | number | permalink_clicks", days="weekday"),
    Sample("x posts of an office", "fr", "x",
           "Date | day\nTexte du post | Texte {n}\nLien | https://x.com/a/status/1{n}00000\n"
           "Impressions | number | impressions\nEngagements | number | engagements\n"
           "J'aime | number | likes\nRéponses | number | replies\nReposts | number | shares"),
    Sample("x video", "en", "x",
           "Date | day\nViews | number | videos_seen_per_day\n"
           "Watch Time (ms) | number | watch_ms_per_day\n"
           "Completion Rate | decimals | completion_rate_per_day\n"
           "Average Watch Time (ms) | number | mean_watch_ms_per_day\n"
           "Estimated Revenue | decimals | revenue_per_day",
           above="Video overview,,,,,\n", days="weekday"),
    Sample("x before 2024, tweets", "en", "x",
           "Tweet id | id\nTweet permalink | https://twitter.com/a/status/{n}\nTweet text | a\n"
           "time | moment\nimpressions | number | impressions\n"
           + "\n".join(f"{name} | number | {metric}"
                       for name, metric in zip(_OLD.split("|"), _OLD_METRICS, strict=True))
           + "\n" + "\n".join(f"{name} | -" for name in _PROMOTED.split("|"))),
    Sample("x before 2024, days", "en", "x", _days(
        f"Date|Tweets published|impressions|{_OLD}|{_PROMOTED}", "new_posts", "impressions",
        *_OLD_METRICS, "", "", "")),
    Sample("linkedin page", "en", "linkedin", _days(
        "Date|Impressions (organic)|Impressions (sponsored)|Impressions (total)|"
        "Unique impressions (organic)|Clicks (organic)|Clicks (total)|Reactions (total)|"
        "Comments (total)|Reposts (total)|Engagement rate (total)",
        "", "", "impressions", "", "", "clicks", "likes", "replies", "shares", ""), days="mdy",
        above='"Ces indicateurs, en heure UTC, sont organiques."\n'),
    Sample("linkedin page, posts", "en", "linkedin",
           "Post title | Texte {n}\nPost link | https://www.linkedin.com/feed/update/{n}\n"
           "Post type | Organic\nCampaign name |\nPosted by | Ann\nCreated date | day\n"
           "Campaign start date |\nCampaign end date |\nAudience | All\n"
           "Impressions | number | impressions\nViews | number | views\n"
           "Offsite Views | number | views_elsewhere\nClicks | number | clicks\n"
           "Click through rate (CTR) | decimals | click_rate\nLikes | number | likes\n"
           "Comments | number | replies\n"
           "Reposts | number | shares\nFollows | number | new_followers\n"
           "Engagement rate | decimals | engagement_rate\n"
           "Content Type | Image", days="mdy", keeps="posts", above='"All posts, in UTC"\n'),
    Sample("linkedin page, followers", "en", "linkedin", _days(
        "Date|Sponsored followers|Organic followers|Auto-invited followers|Total followers",
        "", "", "", "new_followers"), days="mdy"),
    Sample("linkedin page, places", "en", "linkedin", "Location | Paris\nTotal followers | number",
           keeps="nothing"),
    Sample("search console", "en", "search_console", _days(
        "Date|Clicks|Impressions|CTR|Position", "clicks", "impressions", "", "position")
        .replace("CTR | 0", "CTR | percent% | click_rate_per_day")),
    Sample("search console", "fr", "search_console", _days(
        "Date|Clics|Impressions|CTR|Position", "clicks", "impressions", "", "position")
        .replace("CTR | 0", "CTR | percent% | click_rate_per_day")),
    *(
        Sample(f"search console, {first}", language, "search_console",
               f"{first} | a\n{clicks} | number\nImpressions | number\nCTR | 1%\nPosition | 3",
               keeps="nothing")
        for language, first, clicks in (
            ("fr", "Requêtes les plus fréquentes", "Clics"), ("fr", "Pays", "Clics"),
            ("fr", "Appareil", "Clics"), ("en", "Top queries", "Clicks"),
            ("en", "Country", "Clicks"), ("en", "Device", "Clicks"),
        )
    ),
    Sample("search console, filters", "fr", "search_console", "Filtre | Date\nValeur | 3 mois",
           file="Filtres.csv", keeps="nothing"),
    Sample("search console, index", "fr", "search_console",
           "Date | day\nNon indexées | number | pages_not_indexed\n"
           "Dans l'index | number | pages_indexed\nImpressions | number | impressions_per_day"),
    Sample("plausible", "en", "plausible", _days(
        "date|visitors|pageviews|visits|views_per_visit|bounce_rate|visit_duration",
        "visitors", "page_views", "visits", "views_per_visit", "", "mean_visit_s")
        .replace("bounce_rate | 0", "bounce_rate | percent | bounce_rate_per_day")),
    Sample("plausible, whole", "en", "plausible", _days(
        "date|visitors|pageviews|bounces|visits|visit_duration", "visitors", "page_views",
        "bounces", "visits", "visit_seconds")),
    Sample("matomo by day", "en", "matomo", _days(
        "label|nb_uniq_visitors|nb_visits|nb_actions|max_actions|sum_visit_length|bounce_count",
        "visitors", "visits", "actions", "most_actions", "visit_seconds", "bounces")),
    Sample("matomo by page", "en", "matomo",
           "label | /a\nnb_uniq_visitors | number\nnb_visits | number\nnb_actions | number\n"
           "max_actions | number\nsum_visit_length | number\nbounce_count | number",
           keeps="nothing"),
    Sample("ga4 by day", "fr", "google_analytics", _days(
        "Date|Vues|Utilisateurs actifs|Événements clés", "views", "visitors", "key_events"),
        days="compact", above="# ---\n# Start date: 20260801\n# End date: 20260930\n# ---\n"),
    Sample("ga4 by page", "fr", "google_analytics",
           "Chemin de la page et classe de l'écran | /a\nVues | number", keeps="nothing",
           above="# Start date: 20260801\n"),
    Sample("google business", "en", "google_business",
           "Store code | shop{n}\nBusiness name | Chez Ann\nAddress | rue A\nLabels |\n"
           "Google Search - Mobile | number | searches_mobile_in_period\n"
           "Google Search - Desktop | number | searches_desktop_in_period\n"
           "Google Maps - Mobile | number | maps_mobile_in_period\n"
           "Google Maps - Desktop | number | maps_desktop_in_period\n"
           "Calls | number | calls_in_period\nMessages | number | messages_in_period\n"
           "Bookings | number | bookings_in_period\nDirections | number | directions_in_period\n"
           "Website clicks | number | clicks_in_period\n"
           "Food orders | number | food_orders_in_period\n"
           "Food menu clicks | number | menu_clicks_in_period\n"
           "Hotel bookings | number | hotel_bookings_in_period"),
    Sample("apple podcasts", "en", "apple_podcasts",
           "Show Name | Mon émission\nEpisode ID | id\nEpisode GUID | g{n}\nEpisode Number | {n}\n"
           "Episode Title | Titre {n}\nRelease Date | day\nDuration | 1200\n"
           "Unique Listeners | number | listeners\n"
           "Unique Engaged Listeners | number | engaged_listeners\nPlays | number | plays\n"
           "Average Consumption | percent | heard_share", keeps="posts"),
    Sample("apple podcasts by country", "en", "apple_podcasts",
           "Show ID | 1\nCountry/Region Code | FR\nCountry/Region | France\nDate | day\n"
           "Total Time Listened | 5\nPlays | number\nUnique Listeners | 4\n"
           "Unique Engaged Listeners | 2", days="compact", keeps="nothing"),
    Sample("twitch", "en", "twitch", _days(
        "Date|Average Viewers|Max Viewers|Minutes Streamed|Sub Revenue|Prime Revenue|"
        "Gifted Subs Revenue|Bits Revenue|Ad Revenue",
        "mean_viewers", "most_viewers", "minutes_streamed", "revenue_subscriptions",
        "revenue_prime", "revenue_gifts", "revenue_bits", "revenue_ads"), days="js"),
    Sample("substack", "en", "substack",
           "post_id | 1{n}.lettre\npost_date | day\nis_published | true\nemail_sent_at |\n"
           "inbox_sent_at |\ntype | newsletter\naudience | everyone\ntitle | Titre {n}\n"
           "subtitle | Sous-titre\npodcast_url |", keeps="posts"),
    Sample("substack readers", "en", "substack",
           "email | a{n}@example.org\nactive_subscription | true\nexpiry |\nplan | free\n"
           "email_disabled | false\ncreated_at | day\nfirst_payment_at |", keeps="nothing"),
    Sample("substack opens", "en", "substack",
           "post_id | 1\ntimestamp | day\nemail | a@example.org\npost_type | newsletter\n"
           "post_audience | all\nactive_subscription | true", keeps="nothing"),
)  # fmt: skip
