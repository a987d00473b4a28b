-- The 22 categories, and the subcategories of the first eleven.

insert into public.categories (id, position, slug, name, description, icon)
select
  ('c0000000-0000-4000-8000-' || lpad(c.position::text, 12, '0'))::uuid,
  c.position,
  c.slug,
  c.name,
  c.description,
  c.icon
from (values
  (1, 'creativity-arts', 'Creativity & Arts',
    'Making things that are looked at: drawing, design, craft, photography and film.', 'palette'),
  (2, 'tech-digital-innovation', 'Tech & Digital Innovation',
    'Building and using software, data and machines: from a first program to artificial intelligence.', 'cpu'),
  (3, 'music-sound', 'Music & Sound',
    'Playing, singing, composing and recording music of every style.', 'music'),
  (4, 'performing-arts', 'Performing Arts',
    'Being on a stage, in front of a camera or in the street, and what happens behind it.', 'drama'),
  (5, 'writing-storytelling', 'Writing & Storytelling',
    'Finding the words: stories, articles, books, scripts and texts that work.', 'feather'),
  (6, 'languages-cultures', 'Languages & Cultures',
    'Speaking with people from elsewhere, and understanding them.', 'languages'),
  (7, 'education-academics', 'Education & Academics',
    'Help with school, university and exams, and with teaching itself.', 'graduation-cap'),
  (8, 'science-environment', 'Science & Environment',
    'How the world works, and how to keep it liveable.', 'flask-conical'),
  (9, 'business-entrepreneurship', 'Business & Entrepreneurship',
    'Starting a company, running it and making it grow.', 'briefcase'),
  (10, 'marketing-communication', 'Marketing & Communication',
    'Being heard, understood and remembered.', 'megaphone'),
  (11, 'finance-money', 'Finance & Money',
    'Earning, keeping and growing money, privately and in companies.', 'coins'),
  (12, 'leadership-management', 'Leadership & Management',
    'Leading people and organisations, first of all oneself.', 'users'),
  (13, 'career-growth', 'Career & Professional Growth',
    'Finding work that fits, getting it and growing in it.', 'trending-up'),
  (14, 'law-public-affairs', 'Law & Public Affairs',
    'Rights, contracts, offices and the public good.', 'scale'),
  (15, 'health-nutrition', 'Health & Nutrition',
    'Staying well, getting well and eating well.', 'heart-pulse'),
  (16, 'fitness-movement', 'Fitness & Movement',
    'Moving the body with pleasure, strength and ease.', 'dumbbell'),
  (17, 'mind-wellbeing', 'Mind & Emotional Wellbeing',
    'Calm, clarity and support in hard times.', 'brain'),
  (18, 'spirituality-inner-growth', 'Spirituality & Inner Growth',
    'Meaning, ritual and the questions without final answers.', 'sparkles'),
  (19, 'family-relationships', 'Family & Relationships',
    'Living with the people who are closest.', 'heart-handshake'),
  (20, 'food-drink', 'Food & Drink',
    'Cooking, baking and enjoying, at home and for guests.', 'chef-hat'),
  (21, 'home-garden-animals', 'Home, Garden & Animals',
    'Living well between one''s own walls, plants and animals.', 'house'),
  (22, 'sports-travel-outdoors', 'Sports, Travel & Leisure',
    'Games, journeys and life outside.', 'mountain')
) as c (position, slug, name, description, icon);

insert into public.subcategories (id, category_id, position, slug, name, description, keywords)
select
  ('c0000000-0000-4000-8001-' || lpad((c.position * 100 + s.position)::text, 12, '0'))::uuid,
  c.id,
  s.position,
  s.slug,
  s.name,
  s.description,
  string_to_array(s.keywords, ', ')
from (values
  ('creativity-arts', 1, 'visual-arts', 'Visual Arts',
    'Drawing, painting, sculpture and other ways to make pictures and objects, by hand or on a screen.',
    'art, drawing, painting, watercolour, oil painting, sketching, illustration, sculpture, printmaking, '
    'digital painting, portrait, colour theory, calligraphy'),
  ('creativity-arts', 2, 'design-media', 'Design & Media',
    'Graphic, motion and interface design, from a first logo to a finished mobile or web product.',
    'graphic design, mobile design, web design, interface design, typography, logo, figma, photoshop, '
    'animation, motion graphics, 3d modelling, game art, visual communication'),
  ('creativity-arts', 3, 'crafts-making', 'Crafts & Making',
    'Working with clay, wood, textiles, metal and paper to make useful and beautiful things.',
    'pottery, ceramics, woodworking, knitting, crochet, sewing, jewellery, leatherwork, weaving, embroidery, '
    'candle making, bookbinding, handmade'),
  ('creativity-arts', 4, 'photography-film', 'Photography & Film',
    'Taking, lighting and editing photographs and moving pictures.',
    'photography, camera, portrait photography, photo editing, lightroom, videography, filmmaking, video '
    'editing, cinematography, documentary, lighting, youtube video'),
  ('tech-digital-innovation', 1, 'programming-web', 'Programming & Web Development',
    'Writing software for the web, for phones and for servers, in any language.',
    'programming, coding, web development, javascript, typescript, python, java, mobile apps, frontend, '
    'backend, software engineering, app development, code review'),
  ('tech-digital-innovation', 2, 'data-ai', 'Data & Artificial Intelligence',
    'Asking data the right questions, and teaching machines to answer them.',
    'data science, data analysis, data engineering, machine learning, artificial intelligence, ai, sql, '
    'statistics software, spreadsheets, dashboards, deep learning, prompt engineering, big data'),
  ('tech-digital-innovation', 3, 'cloud-infrastructure', 'Cloud & Infrastructure',
    'Running software reliably: servers, networks, databases and automation.',
    'cloud, aws, azure, devops, kubernetes, docker, linux, networking, databases, postgres, site reliability, '
    'system administration'),
  ('tech-digital-innovation', 4, 'cybersecurity', 'Cybersecurity & Privacy',
    'Protecting people, companies and their data against attack and misuse.',
    'security, ethical hacking, penetration testing, encryption, data protection, privacy, network security, '
    'incident response, password safety, security audit'),
  ('tech-digital-innovation', 5, 'product-ux', 'Product & User Experience',
    'Finding out what people need, and shaping products that they understand.',
    'product management, ux, user research, usability, user interface, prototyping, product design, '
    'accessibility, customer discovery, roadmap, agile product'),
  ('tech-digital-innovation', 6, 'digital-skills', 'Everyday Digital Skills',
    'Using computers, phones and office programs with confidence, at any age.',
    'computer basics, excel, word, powerpoint, smartphone, internet for seniors, email, office software, '
    'online tools, digital literacy, no-code'),
  ('music-sound', 1, 'instruments', 'Musical Instruments',
    'Lessons on any instrument, for beginners and for those who return.',
    'guitar, piano, violin, drums, bass, ukulele, saxophone, flute, cello, trumpet, keyboard, music lessons, '
    'instrument lessons'),
  ('music-sound', 2, 'singing-voice', 'Singing & Voice',
    'Training the voice to sing, alone or in a choir, and to speak without strain.',
    'singing, vocal coach, voice lessons, choir, opera, pop vocals, breath support, voice training, harmony '
    'singing, karaoke'),
  ('music-sound', 3, 'music-production', 'Music Production & Audio',
    'Recording, mixing and producing music, podcasts and sound for film.',
    'music production, recording, mixing, mastering, ableton, logic pro, dj, beat making, sound design, audio '
    'engineering, podcast editing, home studio'),
  ('music-sound', 4, 'music-theory', 'Music Theory & Composition',
    'Understanding how music works, and writing one''s own.',
    'music theory, composition, songwriting, arranging, harmony, ear training, sheet music, improvisation on '
    'instruments, orchestration, film scoring'),
  ('performing-arts', 1, 'acting-theatre', 'Acting & Theatre',
    'Learning to act, prepare auditions and stage plays.',
    'acting, theatre, drama, audition, monologue, stage presence, directing, method acting, camera acting, '
    'role play, voice acting'),
  ('performing-arts', 2, 'dance', 'Dance',
    'Dancing socially, artistically or for a show.',
    'dancing, ballet, salsa, tango, hip hop, contemporary dance, ballroom, folk dance, choreography, swing '
    'dance, wedding dance, bachata'),
  ('performing-arts', 3, 'comedy-improv', 'Comedy & Improvisation',
    'Making people laugh, and making things up together.',
    'comedy, stand-up, improv, improvisation, sketch comedy, humour, clowning, joke writing, comic timing'),
  ('performing-arts', 4, 'circus-magic', 'Circus & Magic',
    'Juggling, acrobatics, illusions and other ways to amaze.',
    'magic tricks, juggling, acrobatics, circus, aerial silks, trapeze, illusion, puppetry, fire show, street '
    'performance'),
  ('writing-storytelling', 1, 'creative-writing', 'Creative Writing',
    'Writing novels, short stories and poems, and keeping at it.',
    'novel, fiction, short story, poetry, writing workshop, storytelling, memoir, character development, '
    'writing coach, writer''s block, fantasy writing'),
  ('writing-storytelling', 2, 'journalism-nonfiction', 'Journalism & Nonfiction',
    'Researching and telling what is true, clearly and fairly.',
    'journalism, reporting, interviewing, essay, feature writing, biography, fact checking, blogging, travel '
    'writing, science writing'),
  ('writing-storytelling', 3, 'copywriting-content', 'Copywriting & Content',
    'Texts that sell, explain and are found.',
    'copywriting, content writing, newsletters, website texts, advertising copy, seo writing, ux writing, '
    'content strategy, ghostwriting, technical writing'),
  ('writing-storytelling', 4, 'publishing-editing', 'Publishing & Editing',
    'From a manuscript to a book that people can buy.',
    'editing, proofreading, self-publishing, book publishing, manuscript, literary agent, book proposal, book '
    'design, ebook, beta reading'),
  ('writing-storytelling', 5, 'screenwriting', 'Screenwriting & Drama',
    'Writing for film, series, stage, games and radio.',
    'screenplay, script, scriptwriting, playwriting, tv series, dialogue writing, game writing, radio play, '
    'story structure, pitching a film'),
  ('languages-cultures', 1, 'english', 'English',
    'English for everyday life, study and work, at every level.',
    'english, english conversation, business english, english grammar, pronunciation, esl, english for '
    'beginners, ielts speaking, academic english, accent training'),
  ('languages-cultures', 2, 'world-languages', 'World Languages',
    'Every other language, from the first words to fluency.',
    'language lessons, spanish, french, german, italian, portuguese, chinese, mandarin, japanese, korean, '
    'arabic, russian, hindi, language exchange'),
  ('languages-cultures', 3, 'language-exams', 'Language Exams & Certificates',
    'Preparation for recognised proofs of a language.',
    'ielts, toefl, cambridge exam, delf, dele, goethe certificate, jlpt, hsk, language test, citizenship '
    'language test'),
  ('languages-cultures', 4, 'translation-interpreting', 'Translation & Interpreting',
    'Carrying meaning from one language to another, in writing and in speech.',
    'translation, interpreter, localisation, subtitling, certified translation, conference interpreting, '
    'bilingual, translation tools'),
  ('languages-cultures', 5, 'sign-language', 'Sign Language & Accessible Communication',
    'Talking with deaf and hard of hearing people, and communicating for everybody.',
    'sign language, asl, bsl, deaf culture, lip reading, braille, easy language, inclusive communication'),
  ('languages-cultures', 6, 'intercultural', 'Intercultural Skills',
    'Living and working well between cultures.',
    'intercultural training, expat coaching, cultural awareness, relocation, integration, international '
    'teams, etiquette, culture shock'),
  ('education-academics', 1, 'school-tutoring', 'School Tutoring',
    'Help with homework and school subjects for children and teenagers.',
    'tutoring, homework help, primary school, secondary school, reading, writing skills, history lessons, '
    'geography, private lessons, kids tutor, homeschooling'),
  ('education-academics', 2, 'mathematics', 'Mathematics & Statistics',
    'From arithmetic to proofs, explained until it is clear.',
    'maths, math, algebra, calculus, geometry, statistics, probability, trigonometry, linear algebra, maths '
    'tutor, mental arithmetic'),
  ('education-academics', 3, 'university-research', 'University & Research',
    'Writing, researching and getting through a degree.',
    'thesis, dissertation, academic writing, research methods, phd, literature review, university '
    'application, scholarship, peer review, citation'),
  ('education-academics', 4, 'test-preparation', 'Test Preparation',
    'Getting ready for exams that open doors.',
    'exam preparation, sat, gre, gmat, gcse, a-level, entrance exam, admission test, mcat, bar exam, test '
    'strategy'),
  ('education-academics', 5, 'study-skills', 'Study & Memory Skills',
    'Learning how to learn.',
    'study skills, memory training, speed reading, note taking, concentration, exam anxiety, time planning '
    'for students, learning techniques, learning difficulties, dyslexia, adhd study help'),
  ('education-academics', 6, 'teaching-training', 'Teaching & Training',
    'For those who teach: methods, courses and classrooms.',
    'teacher training, course design, pedagogy, train the trainer, e-learning, online course creation, '
    'classroom management, curriculum, facilitation, workshop design'),
  ('science-environment', 1, 'natural-sciences', 'Natural Sciences',
    'Physics, chemistry and biology, from school to the laboratory.',
    'physics, chemistry, biology, laboratory, genetics, astronomy, neuroscience, medicine studies, geology, '
    'science experiments'),
  ('science-environment', 2, 'sustainability-climate', 'Sustainability & Climate',
    'Living and producing within what the planet can bear.',
    'sustainability, climate change, zero waste, carbon footprint, circular economy, renewable energy, green '
    'living, esg, permaculture design, recycling'),
  ('science-environment', 3, 'nature-wildlife', 'Nature & Wildlife',
    'Knowing plants, animals and landscapes.',
    'birdwatching, foraging, herbalism, botany, wildlife, mushrooms, marine biology, nature guide, '
    'beekeeping, ecology, conservation'),
  ('science-environment', 4, 'engineering-robotics', 'Engineering & Robotics',
    'Designing and building machines, circuits and structures.',
    'engineering, robotics, electronics, arduino, raspberry pi, mechanical engineering, cad, 3d printing, '
    'drones, internet of things, electrical engineering, civil engineering'),
  ('business-entrepreneurship', 1, 'starting-business', 'Starting a Business',
    'From an idea to the first customers and the first money.',
    'startup, entrepreneurship, business plan, founder, business idea, pitch deck, fundraising, venture '
    'capital, side business, lean startup, bootstrapping, small business'),
  ('business-entrepreneurship', 2, 'strategy-consulting', 'Strategy & Consulting',
    'Deciding where a company goes, with somebody from outside.',
    'business strategy, consulting, business model, market analysis, growth strategy, mergers, competitive '
    'analysis, business development, management consulting, advisory'),
  ('business-entrepreneurship', 3, 'operations-projects', 'Operations & Projects',
    'Getting things done on time, with the people and means there are.',
    'project management, scrum, agile, operations, supply chain, logistics, process improvement, lean, six '
    'sigma, quality management, kanban, procurement'),
  ('business-entrepreneurship', 4, 'sales-negotiation', 'Sales & Negotiation',
    'Selling honestly, and agreeing well.',
    'sales, negotiation, cold calling, closing deals, b2b sales, sales training, customer success, account '
    'management, persuasion, pricing'),
  ('business-entrepreneurship', 5, 'ecommerce', 'Online Trade',
    'Selling goods and services on the internet.',
    'e-commerce, ecommerce, online shop, shopify, amazon seller, dropshipping, etsy shop, marketplace '
    'selling, online business, fulfilment'),
  ('business-entrepreneurship', 6, 'nonprofits', 'Nonprofits & Social Enterprise',
    'Organisations that exist for a cause.',
    'nonprofit, charity, social enterprise, grant writing, volunteering, fundraising for charity, impact '
    'measurement, ngo, community organising'),
  ('marketing-communication', 1, 'digital-marketing', 'Digital Marketing',
    'Reaching people online, and knowing whether it worked.',
    'marketing, seo, search engine optimisation, google ads, email marketing, online advertising, analytics, '
    'conversion, marketing funnel, growth marketing, affiliate marketing'),
  ('marketing-communication', 2, 'social-media', 'Social Media & Creators',
    'Building an audience, and living with one.',
    'social media, instagram, tiktok, youtube channel, linkedin profile, influencer, content creator, '
    'podcasting, community management, personal brand online, livestreaming'),
  ('marketing-communication', 3, 'branding', 'Branding & Positioning',
    'What a name stands for, and how it looks and sounds.',
    'brand strategy, branding, brand identity, naming, positioning, storytelling for brands, personal '
    'branding, market research, rebranding, tone of voice'),
  ('marketing-communication', 4, 'public-relations', 'Public Relations & Media',
    'Dealing with journalists, the public and crises.',
    'public relations, pr, press release, media training, crisis communication, corporate communication, '
    'event marketing, spokesperson, internal communication'),
  ('marketing-communication', 5, 'public-speaking', 'Public Speaking & Presentation',
    'Speaking to a room or a camera so that people listen.',
    'public speaking, presentation skills, speech, stage fright, rhetoric, storytelling on stage, pitch '
    'training, slides, debate, speech writing, voice and presence'),
  ('finance-money', 1, 'personal-finance', 'Personal Finance',
    'Knowing where the money goes, and deciding where it should.',
    'budgeting, saving, debt, money coaching, retirement planning, insurance, financial planning, financial '
    'literacy, money mindset, household budget'),
  ('finance-money', 2, 'investing', 'Investing & Markets',
    'Making money work, and understanding the risk.',
    'investing, stocks, shares, etf, bonds, trading, cryptocurrency, portfolio, funds, options, financial '
    'markets, passive income'),
  ('finance-money', 3, 'accounting-tax', 'Accounting & Tax',
    'Books, tax returns and what the law wants to see.',
    'accounting, bookkeeping, tax return, taxes, vat, payroll, quickbooks, auditing, invoicing, balance '
    'sheet, tax planning'),
  ('finance-money', 4, 'corporate-finance', 'Corporate Finance',
    'Money in companies: planning, raising and valuing.',
    'financial modelling, valuation, corporate finance, controlling, cash flow, cfo, financial analysis, '
    'investor relations, due diligence, banking'),
  ('finance-money', 5, 'real-estate', 'Real Estate',
    'Buying, letting, financing and developing property.',
    'real estate, property, mortgage, buying a house, landlord, property investment, renting, house flipping, '
    'airbnb hosting, estate agent')
) as s (category, position, slug, name, description, keywords)
join public.categories as c on c.slug = s.category;
